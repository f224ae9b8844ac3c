import { readFileSync } from 'node:fs';
import { certificateProblem } from '../pem.ts';
import { Secret } from '../secret.ts';
import { bareHost, isLoopback, isProxyUrl, proxyFromEnvironment } from './proxy.ts';
import type { RawCluster } from './raw.ts';
import { type Place, refusal } from './refusal.ts';
import type { ClusterTarget, PemSource, ServerAddress, TlsSettings } from './target.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What a cluster entry says about the way to its API server. */
export function checkCluster(
  raw: RawCluster,
  env: Env,
): Pick<ClusterTarget, 'server' | 'tls' | 'proxyUrl' | 'disableCompression'> {
  const url = checkServerUrl(raw);
  return {
    server: serverAddress(url),
    tls: url.protocol === 'https:' ? checkTls(raw) : NO_TLS,
    proxyUrl: checkProxy(raw, url, env),
    disableCompression: raw.disableCompression,
  };
}

const NO_TLS: TlsSettings = {
  certificateAuthority: undefined,
  serverName: undefined,
  insecureSkipVerify: false,
};

/** Query and fragment go, as in client-go; the path stays as a prefix. */
export function serverAddress(url: URL): ServerAddress {
  return {
    origin: url.origin,
    host: url.host,
    pathPrefix: url.pathname.replace(/\/+$/, ''),
    isTls: url.protocol === 'https:',
  };
}

function checkServerUrl(raw: RawCluster): URL {
  if (raw.server === '') throw refuse(raw, 'server', 'is missing; set it to the URL of the API server');
  const url = URL.canParse(raw.server) ? new URL(raw.server) : undefined;
  if (url === undefined || !['https:', 'http:'].includes(url.protocol) || url.hostname === '') {
    throw refuse(raw, 'server', 'is not a URL; write it as https://HOST:PORT');
  }
  if (url.username !== '' || url.password !== '') {
    throw refuse(raw, 'server', 'holds credentials; put them into the user entry');
  }
  if (url.protocol === 'http:' && !isLoopback(bareHost(url))) {
    throw refuse(
      raw,
      'server',
      'is plain http to another machine, which anyone on the way can read; use https',
    );
  }
  return url;
}

function checkTls(raw: RawCluster): TlsSettings {
  const hasFile = raw.certificateAuthority !== '';
  const hasData = raw.certificateAuthorityData !== undefined;
  if (hasFile && hasData) {
    throw refuse(raw, 'certificate-authority', 'is set together with certificate-authority-data; remove one');
  }
  if (raw.insecureSkipTlsVerify && (hasFile || hasData)) {
    throw refuse(
      raw,
      'insecure-skip-tls-verify',
      'contradicts the certificate authority beside it; remove one',
    );
  }
  return {
    certificateAuthority: checkAuthority(raw),
    serverName: raw.tlsServerName || undefined,
    insecureSkipVerify: raw.insecureSkipTlsVerify,
  };
}

function checkAuthority(raw: RawCluster): PemSource | undefined {
  const { certificateAuthority: path, certificateAuthorityData: data } = raw;
  if (path === '' && data === undefined) return undefined;
  const field = data === undefined ? 'certificate-authority' : 'certificate-authority-data';
  const pem = data?.toString('utf8') ?? readNamedFile(raw.place, field, path);
  const problem = certificateProblem(pem);
  if (problem !== undefined)
    throw refuse(raw, field, `${problem}; it must be a PEM file with BEGIN CERTIFICATE`);
  return data === undefined ? { kind: 'file', path } : { kind: 'data', pem };
}

/** The text of a file that an entry's field names. Refuses what cannot be read. */
export function readNamedFile(place: Place, field: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw refusal(
      place,
      `field "${field}"`,
      `the file ${path} cannot be read (${code}); check path and permissions`,
      error,
    );
  }
}

function checkProxy(raw: RawCluster, server: URL, env: Env): Secret | undefined {
  if (raw.proxyUrl === '') return proxyFromEnvironment(server, env);
  if (!isProxyUrl(raw.proxyUrl)) throw refuse(raw, 'proxy-url', 'must be an http, https or socks5 URL');
  return new Secret(raw.proxyUrl);
}

function refuse(raw: RawCluster, field: string, problem: string) {
  return refusal(raw.place, `field "${field}"`, problem);
}
