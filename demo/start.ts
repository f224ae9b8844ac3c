import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from './api/clock.ts';
import { seededRandom } from './api/seeded-random.ts';
import { systemClock } from './api/system-clock.ts';
import { createFieldManagement } from './fields/create.ts';
import { ServerAccess } from './http/access.ts';
import { bootstrapPolicy } from './http/bootstrap-policy.ts';
import type { Interceptor } from './http/interceptor.ts';
import { type ApiListener, serveApi } from './http/serve.ts';
import { createLife, type Life } from './life/life.ts';
import { RegistryDocuments } from './registry/documents.ts';
import { createRegistry } from './registry/registry.ts';
import { createSchemas } from './registry/schemas.ts';
import { watchDefinitions } from './registry/watch-definitions.ts';
import { createStore } from './storage/memory-store.ts';
import type { Store } from './storage/store.ts';
import { handleResource } from './verbs/handle.ts';

export interface DemoOptions {
  /** Where the API server listens on 127.0.0.1. Default: a free port. */
  readonly port?: number;
  /** Same seed, same cluster and same course of events. Default 1. */
  readonly seed?: number;
  /** Whether nothing changes by itself. Default false. */
  readonly quiet?: boolean;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Makes requests and answers go wrong, for tests. Default: nothing goes wrong. */
  readonly interceptor?: Interceptor;
  /** Told of what the cluster's controllers could not cope with. Default: throws it. */
  readonly onError?: (error: unknown) => void;
}

export interface DemoCluster {
  /** The API server: its address, users and kubeconfigs. */
  readonly api: ApiListener;
  readonly store: Store;
  /** Writes `kubeconfig` (admin) and `kubeconfig-viewer` (a low-right user) into a folder; answers the first one's path. */
  writeKubeconfigs(directory: string): Promise<string>;
  close(): Promise<void>;
}

/** Starts a demo cluster: everything in it runs when this resolves. */
export async function startDemo(options: DemoOptions = {}): Promise<DemoCluster> {
  const { quiet = false, seed = 1, clock = systemClock } = options;
  const random = seededRandom(seed);
  const store = createStore({ clock });
  const registry = createRegistry(store);
  const access = new ServerAccess({ store, registry, clock });
  const cluster = {
    store,
    registry,
    schemas: createSchemas(registry),
    fields: createFieldManagement(),
    clock,
    random,
    access,
  };
  const stopDefinitions = watchDefinitions(store, clock);
  for (const object of bootstrapPolicy()) store.insert(storageKeyOf(object.kind), object);
  let life: Life | undefined;
  const api = await serveApi({
    cluster,
    access,
    documents: (serverAddress) => new RegistryDocuments({ registry, serverAddress }),
    logs: { read: (query) => life?.logs.read(query) },
    handle: handleResource,
    clock,
    random,
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.interceptor === undefined ? {} : { interceptor: options.interceptor }),
  });
  // Life begins when the certificates are known, which each namespace has; nobody can have asked before.
  life = createLife(cluster, {
    quiet,
    rootCertificates: api.ca,
    ...(options.onError === undefined ? {} : { onError: options.onError }),
  });
  life.start();
  return {
    api,
    store,
    writeKubeconfigs: (directory) => writeKubeconfigs(api, directory),
    close: async () => {
      life?.stop();
      stopDefinitions();
      await api.close();
    },
  };
}

/** `ClusterRole` is stored under `rbac.authorization.k8s.io/clusterroles`. */
function storageKeyOf(rbacKind: string): string {
  return `rbac.authorization.k8s.io/${rbacKind.toLowerCase()}s`;
}

async function writeKubeconfigs(api: ApiListener, directory: string): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const admin = path.join(directory, 'kubeconfig');
  await writeFile(admin, api.kubeconfigs.admin, { mode: 0o600 });
  await writeFile(path.join(directory, 'kubeconfig-viewer'), api.kubeconfigs.viewer, { mode: 0o600 });
  return admin;
}
