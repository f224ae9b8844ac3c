import type { ApiClient } from '../../cluster/api.ts';
import { messageOf } from '../../cluster/api.ts';
import { forEachConcurrently } from '../../cluster/concurrency.ts';
import type { Kubectl } from './kubectl.ts';
import { exampleOf, type Schema } from './minimal-object.ts';

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly scope: 'Namespaced' | 'Cluster';
    readonly names: { readonly plural: string; readonly kind: string };
    readonly conversion?: { readonly strategy: string };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly storage: boolean;
      readonly schema?: { readonly openAPIV3Schema?: Schema };
    }[];
  };
}

export interface Seeded {
  /** `PLURAL.GROUP`. */
  readonly kinds: readonly string[];
  /** Kinds without an object, and why. */
  readonly refused: ReadonlyMap<string, string>;
  /** Removes the cluster-wide objects; the others go with their namespace. */
  remove(): Promise<void>;
}

const IN_FLIGHT = 6;

/** Creates an object called `namespace` of every custom kind where a made-up one passes. */
export async function seedCustomObjects(
  api: ApiClient,
  kubectl: Kubectl,
  namespace: string,
): Promise<Seeded> {
  // Parsed as it is: schemas are read here, not compared.
  const list: unknown = JSON.parse(await kubectl.run(['get', 'crds', '-o', 'json']));
  const definitions = (list as { readonly items: readonly Definition[] }).items;
  const kinds: string[] = [];
  const refused = new Map<string, string>();
  const clusterWide: string[] = [];
  await forEachConcurrently(definitions, IN_FLIGHT, async (definition) => {
    const { names, group, scope } = definition.spec;
    const refusal = await seed(api, definition, namespace);
    if (refusal !== undefined) return void refused.set(`${names.plural}.${group}`, refusal);
    kinds.push(`${names.plural}.${group}`);
    if (scope === 'Cluster') clusterWide.push(`${names.plural}.${group}/${namespace}`);
  });
  return { kinds, refused, remove: () => kubectl.delete(...clusterWide) };
}

/** Tries a rich object, then a bare one; answers why neither was taken. */
async function seed(api: ApiClient, { spec }: Definition, namespace: string): Promise<string | undefined> {
  const served = spec.versions.filter((version) => version.served);
  // No webhook runs here: with an object in it, the kind could be read in its stored version only.
  if (spec.conversion?.strategy === 'Webhook' && served.length > 1) return 'needs a conversion webhook';
  const version = served.find(({ storage }) => storage);
  const schema = version?.schema?.openAPIV3Schema;
  if (version === undefined || schema === undefined) return 'the stored version is not served';
  const collection =
    spec.scope === 'Cluster' ? spec.names.plural : `namespaces/${namespace}/${spec.names.plural}`;
  let refusal = '';
  for (const richness of ['rich', 'required'] as const) {
    const body = {
      ...(exampleOf(schema, richness) as object),
      apiVersion: `${spec.group}/${version.name}`,
      kind: spec.names.kind,
      metadata: { name: namespace, labels: { 'app.kubernetes.io/name': 'seeded' } },
    };
    const answer = await api.send({
      method: 'POST',
      path: `/apis/${spec.group}/${version.name}/${collection}`,
      body,
    });
    if (answer.status < 300) return undefined;
    refusal = messageOf(answer);
  }
  return refusal;
}
