import { isJsonObject, tryParseJson } from '../../../util/json.ts';
import { isBearerToken } from '../../header-value.ts';
import { keyPairProblem } from '../../pem.ts';
import { bearer } from '../authorization.ts';
import { clientCertificate } from '../certificate.ts';
import type { Credential } from '../credential.ts';

/** A plugin's credential and when it ends to be good, in milliseconds since the epoch. */
export interface ExecCredential extends Credential {
  /** Infinity without an `expirationTimestamp`: then it is good for the life of the process. */
  readonly expiresAt: number;
}

/**
 * Reads what a plugin printed. What it printed is a secret: no error quotes it.
 *
 * @throws Error that says what is wrong, to be put behind the plugin's name.
 */
export function readExecCredential(stdout: string, apiVersion: string): ExecCredential {
  const printed = tryParseJson(stdout);
  if (!isJsonObject(printed) || printed['kind'] !== 'ExecCredential') {
    throw new Error('did not print an ExecCredential in JSON');
  }
  if (printed['apiVersion'] !== apiVersion) {
    const other =
      typeof printed['apiVersion'] === 'string' ? `version ${printed['apiVersion']}` : 'no version';
    throw new Error(`printed ${other}, but the kubeconfig asks for ${apiVersion}`);
  }
  const status = printed['status'];
  if (!isJsonObject(status)) throw new Error('printed no status');
  const token = text(status, 'token');
  const certificate = text(status, 'clientCertificateData');
  const key = text(status, 'clientKeyData');
  if (token === '' && certificate === '' && key === '')
    throw new Error('printed neither a token nor a client certificate');
  if ((certificate === '') !== (key === ''))
    throw new Error('printed a client certificate or a key, but not both');
  return {
    authorization: authorizationFor(token),
    certificate: certificateFor(certificate, key),
    expiresAt: expiry(text(status, 'expirationTimestamp')),
  };
}

function authorizationFor(token: string): Credential['authorization'] {
  if (token === '') return undefined;
  if (!isBearerToken(token)) throw new Error('printed a token with characters that cannot be sent');
  return bearer(token);
}

function certificateFor(certificate: string, key: string): Credential['certificate'] {
  if (certificate === '') return undefined;
  const problem = keyPairProblem(certificate, key);
  if (problem !== undefined) throw new Error(`printed a client certificate that cannot be used: ${problem}`);
  return clientCertificate(certificate, key);
}

function expiry(timestamp: string): number {
  if (timestamp === '') return Number.POSITIVE_INFINITY;
  const time = Date.parse(timestamp);
  if (Number.isNaN(time)) throw new Error('printed an expirationTimestamp that is not a time');
  return time;
}

function text(status: Readonly<Record<string, unknown>>, field: string): string {
  const value = status[field] ?? '';
  if (typeof value !== 'string') throw new Error(`printed a ${field} that is not a text`);
  return value;
}
