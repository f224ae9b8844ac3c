import { homedir } from 'node:os';
import { loadKubeconfig } from '../src/cluster/kubeconfig/load.ts';

/** What a program needs to talk to an API server that does not read kubeconfigs. Holds secrets. */
export interface Target {
  readonly origin: string;
  /** What comes before every path, mostly nothing. */
  readonly pathPrefix: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connect: { readonly ca: string; readonly cert?: string; readonly key?: string };
}

/** Of a kubeconfig that holds everything itself, as those of the test cluster and the demo do; throws for others. */
export function targetOf(kubeconfig: string): Target {
  const { server, tls, credentials } = loadKubeconfig({
    path: kubeconfig,
    env: process.env,
    homeDir: homedir(),
  });
  const { certificateAuthority: authority } = tls;
  const { clientCertificate: client, authorization } = credentials;
  if (authority?.kind !== 'data' || client?.kind === 'file')
    throw new Error('the kubeconfig must hold its certificates itself');
  return {
    origin: server.origin,
    pathPrefix: server.pathPrefix,
    headers:
      authorization.kind === 'token' ? { authorization: `Bearer ${authorization.token.reveal()}` } : {},
    connect: {
      ca: authority.pem,
      ...(client === undefined ? {} : { cert: client.certificate, key: client.key.reveal() }),
    },
  };
}
