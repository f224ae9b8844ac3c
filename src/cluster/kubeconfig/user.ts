import { isBearerToken, isHeaderText } from '../header-value.ts';
import { keyPairProblem } from '../pem.ts';
import { Secret } from '../secret.ts';
import { readNamedFile } from './cluster.ts';
import { checkExec } from './exec.ts';
import type { RawCluster, RawUser } from './raw.ts';
import { refusal } from './refusal.ts';
import type {
  Authorization,
  ClientCertificateSource,
  ClusterTarget,
  Impersonation,
  UserCredentials,
} from './target.ts';

export const NO_CREDENTIALS: UserCredentials = {
  clientCertificate: undefined,
  authorization: { kind: 'none' },
};

/**
 * What a user entry says, for a cluster. Contradictions are refused even where client-go would not look at the field;
 * credentials come only with a TLS server.
 */
export function checkUser(
  raw: RawUser,
  cluster: RawCluster,
  isTls: boolean,
): Pick<ClusterTarget, 'credentials' | 'impersonation'> {
  refuseContradictions(raw);
  const plugin = raw.exec === undefined ? undefined : checkExec(raw.exec, raw, cluster);
  const impersonation = checkImpersonation(raw);
  if (!isTls) return { credentials: NO_CREDENTIALS, impersonation };
  if (raw.authProvider !== undefined) {
    throw refuse(
      raw,
      'auth-provider',
      `"${raw.authProvider}" is not supported; use an exec plugin or a token instead`,
    );
  }
  const clientCertificate = checkClientCertificate(raw);
  const own = checkAuthorization(raw);
  const usesPlugin = plugin !== undefined && own.kind === 'none' && clientCertificate === undefined;
  return {
    credentials: { clientCertificate, authorization: usesPlugin ? { kind: 'exec', plugin } : own },
    impersonation,
  };
}

function refuseContradictions(raw: RawUser): void {
  const hasBasic = raw.username !== '' || raw.password !== '';
  if (raw.token !== '' && hasBasic)
    throw refuse(raw, 'token', 'is set together with username or password; remove one');
  if (raw.tokenFile !== '' && hasBasic) {
    throw refuse(raw, 'tokenFile', 'is set together with username or password; remove one');
  }
  if (raw.exec !== undefined && raw.authProvider !== undefined) {
    throw refuse(raw, 'exec', 'is set together with auth-provider; remove auth-provider');
  }
  refuseBothForms(raw);
  for (const [field, value] of [
    ['as-uid', raw.asUid],
    ['as-groups', raw.asGroups.join('')],
    ['as-user-extra', [...raw.asUserExtra.keys()].join('')],
  ] as const) {
    if (value !== '' && raw.as === '') throw refuse(raw, field, 'needs a user to impersonate; set "as" too');
  }
}

function refuseBothForms(raw: RawUser): void {
  if (raw.clientCertificate !== '' && raw.clientCertificateData !== undefined) {
    throw refuse(raw, 'client-certificate', 'is set together with client-certificate-data; remove one');
  }
  const hasCertificate = raw.clientCertificate !== '' || raw.clientCertificateData !== undefined;
  if (!hasCertificate) return;
  if (raw.clientKey !== '' && raw.clientKeyData !== undefined) {
    throw refuse(raw, 'client-key', 'is set together with client-key-data; remove one');
  }
  if (raw.clientKey === '' && raw.clientKeyData === undefined) {
    throw refuse(raw, 'client-certificate', 'needs its key; set client-key or client-key-data');
  }
}

function checkClientCertificate(raw: RawUser): ClientCertificateSource | undefined {
  const { clientCertificate, clientCertificateData, clientKey, clientKeyData, place } = raw;
  if (clientCertificate === '' && clientCertificateData === undefined) return undefined;
  const field = clientCertificateData === undefined ? 'client-certificate' : 'client-certificate-data';
  const certificate =
    clientCertificateData?.toString('utf8') ?? readNamedFile(place, field, clientCertificate);
  const key = clientKeyData?.toString('utf8') ?? readNamedFile(place, 'client-key', clientKey);
  const problem = keyPairProblem(certificate, key);
  if (problem !== undefined) throw refuse(raw, field, problem);
  // client-go re-reads only where both are files.
  if (clientCertificateData === undefined && clientKeyData === undefined) {
    return { kind: 'file', certificatePath: clientCertificate, keyPath: clientKey };
  }
  return { kind: 'data', certificate, key: new Secret(key) };
}

function checkAuthorization(raw: RawUser): Authorization {
  if (raw.tokenFile !== '') {
    // With both, client-go starts with the token and prefers the file as soon as it can be read.
    const text = raw.token === '' ? readNamedFile(raw.place, 'tokenFile', raw.tokenFile).trim() : raw.token;
    if (!isBearerToken(text)) throw refuse(raw, 'tokenFile', `the file ${raw.tokenFile} holds no token`);
    return { kind: 'token-file', path: raw.tokenFile, lastToken: new Secret(text) };
  }
  if (raw.token !== '') {
    if (!isBearerToken(raw.token)) {
      throw refuse(
        raw,
        'token',
        'has blanks, line breaks or other characters that no token has; paste it again',
      );
    }
    return { kind: 'token', token: new Secret(raw.token) };
  }
  if (raw.username !== '' || raw.password !== '') {
    return { kind: 'basic', username: raw.username, password: new Secret(raw.password) };
  }
  return { kind: 'none' };
}

function checkImpersonation(raw: RawUser): Impersonation | undefined {
  if (raw.as === '') return undefined;
  const values = [raw.as, raw.asUid, ...raw.asGroups, ...[...raw.asUserExtra.values()].flat()];
  if (!values.every(isHeaderText)) {
    throw refuse(
      raw,
      'as',
      'or a field beside it has line breaks or other characters that cannot be sent; remove them',
    );
  }
  return { user: raw.as, uid: raw.asUid || undefined, groups: raw.asGroups, extra: raw.asUserExtra };
}

function refuse(raw: RawUser, field: string, problem: string) {
  return refusal(raw.place, `field "${field}"`, problem);
}
