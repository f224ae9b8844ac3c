import { readFileSync, statSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { isBearerToken } from '../header-value.ts';
import { certificateProblem } from '../pem.ts';
import { Secret } from '../secret.ts';
import { serverAddress } from './cluster.ts';
import { proxyFromEnvironment } from './proxy.ts';
import type { ClusterTarget } from './target.ts';

/** Where a kubelet mounts a pod's service account. */
export const SERVICE_ACCOUNT_DIR = '/var/run/secrets/kubernetes.io/serviceaccount';

type Env = Readonly<Record<string, string | undefined>>;

/** Whether this process runs in a pod with a service account. */
export function isInCluster(env: Env, directory: string): boolean {
  const hasServer = Boolean(env['KUBERNETES_SERVICE_HOST']) && Boolean(env['KUBERNETES_SERVICE_PORT']);
  return hasServer && statSync(join(directory, 'token'), { throwIfNoEntry: false })?.isDirectory() === false;
}

/** The cluster that this process runs in, as its pod's service account. */
export function inClusterTarget(env: Env, directory: string): ClusterTarget {
  const tokenPath = join(directory, 'token');
  const token = readTrimmed(tokenPath);
  if (token === undefined || !isBearerToken(token)) {
    throw new KubegraphError(
      'KUBECONFIG_INVALID',
      `in-cluster: the file ${tokenPath} holds no service account token`,
    );
  }
  const url = serverUrl(env);
  const authorityPath = join(directory, 'ca.crt');
  return {
    source: 'in-cluster',
    contextName: undefined,
    namespace: env['POD_NAMESPACE'] || readTrimmed(join(directory, 'namespace')) || 'default',
    server: serverAddress(url),
    tls: {
      // client-go goes on without it too: the API server may have a publicly trusted certificate.
      certificateAuthority: hasCertificate(authorityPath) ? { kind: 'file', path: authorityPath } : undefined,
      serverName: undefined,
      insecureSkipVerify: false,
    },
    proxyUrl: proxyFromEnvironment(url, env),
    disableCompression: false,
    credentials: {
      clientCertificate: undefined,
      authorization: { kind: 'token-file', path: tokenPath, lastToken: new Secret(token) },
    },
    impersonation: undefined,
  };
}

function serverUrl(env: Env): URL {
  const host = env['KUBERNETES_SERVICE_HOST'] ?? '';
  const text = `https://${isIPv6(host) ? `[${host}]` : host}:${env['KUBERNETES_SERVICE_PORT'] ?? ''}`;
  if (URL.canParse(text)) return new URL(text);
  throw new KubegraphError(
    'KUBECONFIG_INVALID',
    'in-cluster: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not a host and a port',
  );
}

function hasCertificate(path: string): boolean {
  const pem = readTrimmed(path);
  return pem !== undefined && certificateProblem(pem) === undefined;
}

function readTrimmed(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
