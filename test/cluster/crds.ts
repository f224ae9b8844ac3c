import type { ApiClient } from './api.ts';
import { forEachConcurrently } from './concurrency.ts';
import type { CrdManifest } from './manifests.ts';
import { waitUntil } from './wait.ts';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Creations in flight. More does not help: the API server works on all its cores by then. */
const IN_FLIGHT = 8;

/** Creates these definitions and waits until each is Established and all its served versions are in discovery. */
export async function createCrds(
  api: ApiClient,
  crds: readonly CrdManifest[],
  signal: AbortSignal | undefined,
): Promise<void> {
  await forEachConcurrently(crds, IN_FLIGHT, async (crd) => {
    signal?.throwIfAborted();
    await api.create(CRDS, crd);
  });
  const options = { timeoutMs: 180_000, intervalMs: 250, signal };
  await waitUntil(
    'custom resources are established',
    () => missing(crds, establishedNames(api), nameOf),
    options,
  );
  await waitUntil(
    'custom resources are in discovery',
    () => missing(crds, served(api), resourcesOf),
    options,
  );
}

/** The first thing in `expected` of these definitions that is not in `present`, as a reason to wait. */
async function missing(
  crds: readonly CrdManifest[],
  present: Promise<ReadonlySet<string>>,
  expected: (crd: CrdManifest) => readonly string[],
): Promise<string | undefined> {
  const seen = await present;
  const absent = crds.flatMap(expected).filter((name) => !seen.has(name));
  return absent.length === 0 ? undefined : `${absent.length} missing, one is ${absent[0]}`;
}

function nameOf(crd: CrdManifest): string[] {
  return [crd.metadata.name];
}

function resourcesOf(crd: CrdManifest): string[] {
  const { group, names, versions } = crd.spec;
  return versions.filter(({ served }) => served).map(({ name }) => `${group}/${name}/${names.plural}`);
}

async function establishedNames(api: ApiClient): Promise<ReadonlySet<string>> {
  const list = (await api.get(CRDS)) as {
    readonly items: readonly {
      readonly metadata: { readonly name: string };
      readonly status?: {
        readonly conditions?: readonly { readonly type: string; readonly status: string }[];
      };
    }[];
  };
  const isEstablished = (item: (typeof list.items)[number]) =>
    item.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True') ?? false;
  return new Set(list.items.filter(isEstablished).map((item) => item.metadata.name));
}

/** All of discovery in one answer. */
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Every resource that discovery lists, as `group/version/plural`. */
async function served(api: ApiClient): Promise<ReadonlySet<string>> {
  const discovery = (await api.get('/apis', AGGREGATED)) as {
    readonly items: readonly {
      readonly metadata: { readonly name: string };
      readonly versions: readonly {
        readonly version: string;
        readonly resources?: readonly { readonly resource: string }[];
      }[];
    }[];
  };
  const names = discovery.items.flatMap(({ metadata, versions }) =>
    versions.flatMap(({ version, resources = [] }) =>
      resources.map(({ resource }) => `${metadata.name}/${version}/${resource}`),
    ),
  );
  return new Set(names);
}
