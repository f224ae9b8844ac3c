import type { Cluster } from '../../cluster/cluster.ts';
import { type Exact, parseExact } from './exact-json.ts';

/** kubectl as admin: what the suites compare the gateway with. */
export interface Kubectl {
  run(args: readonly string[], input?: string): Promise<string>;
  /** What `kubectl get --raw` answers, parsed digit by digit. */
  raw(path: string): Promise<Exact>;
  /** `kubectl get … -o json` with everything in it. */
  get(...args: readonly string[]): Promise<Exact>;
  /** `kubectl create -f -`, in `namespace` where an object names none. */
  create(namespace: string, ...objects: readonly object[]): Promise<void>;
  /** `kubectl apply --server-side -f -`. */
  apply(namespace: string, ...objects: readonly object[]): Promise<void>;
  /** `kubectl delete … --wait=false`; what is not there is fine. */
  delete(...args: readonly string[]): Promise<void>;
}

/** @param proxyUrl where `kubectl proxy` serves the same cluster. */
export function kubectlOf(cluster: Pick<Cluster, 'kubectl'>, proxyUrl: string): Kubectl {
  const run = (args: readonly string[], input?: string) => cluster.kubectl(args, input);
  const send = async (args: readonly string[], objects: readonly object[]) => {
    await run([...args, '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  };
  return {
    run,
    raw: async (path) => {
      const answer = await fetch(proxyUrl + path);
      const text = await answer.text();
      if (answer.ok) return parseExact(text);
      throw new Error(`GET ${path}: ${answer.status} ${text.slice(0, 500)}`);
    },
    get: async (...args) => parseExact(await run(['get', ...args, '-o', 'json', '--show-managed-fields'])),
    create: (namespace, ...objects) => send(['create', '-n', namespace], objects),
    apply: (namespace, ...objects) =>
      send(['apply', '--server-side', '--force-conflicts', '-n', namespace], objects),
    delete: async (...args) => {
      await run(['delete', ...args, '--wait=false', '--ignore-not-found']);
    },
  };
}
