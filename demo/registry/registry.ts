import { apiVersionOf, type Registry, type ScalePaths, type ServedResource } from '../api/resource.ts';
import type { Definition, DefinitionVersion } from '../schema/definition.ts';
import type { Store } from '../storage/store.ts';
import { builtInResources } from './built-in.ts';
import { customResources, DEFINITIONS } from './custom.ts';
import { compareVersions } from './versions.ts';

export interface LiveRegistry extends Registry {
  /** Goes up when something else is served than before, or with other schemas. */
  readonly generation: number;
  /** The definition behind a custom resource, and the version of it. */
  definitionOf(resource: Pick<ServedResource, 'group' | 'version' | 'kind'>): ServedDefinition | undefined;
}

export interface ServedDefinition {
  readonly definition: Definition;
  readonly version: DefinitionVersion;
}

/**
 * What is served: the built-in resources and what the CustomResourceDefinitions in `store` define. Follows the store; one
 * definition more costs a look at all of them.
 */
export function createRegistry(store: Store): LiveRegistry {
  return new StoreRegistry(store);
}

interface Served {
  readonly resources: readonly ServedResource[];
  readonly byPath: ReadonlyMap<string, ServedResource>;
  readonly byKind: ReadonlyMap<string, ServedResource>;
  readonly definitions: ReadonlyMap<string, ServedDefinition>;
  readonly groupVersions: readonly { readonly group: string; readonly version: string }[];
}

class StoreRegistry implements LiveRegistry {
  readonly #store: Store;
  #served: Served | undefined;
  #generation = 0;

  constructor(store: Store) {
    this.#store = store;
    store.onChange(DEFINITIONS, () => {
      this.#served = undefined;
      this.#generation++;
    });
  }

  get generation(): number {
    return this.#generation;
  }

  get resources(): readonly ServedResource[] {
    return this.#now.resources;
  }

  get groupVersions(): readonly { readonly group: string; readonly version: string }[] {
    return this.#now.groupVersions;
  }

  find(group: string, version: string, resource: string): ServedResource | undefined {
    return this.#now.byPath.get(`${group}/${version}/${resource}`);
  }

  findKind(apiVersion: string, kind: string): ServedResource | undefined {
    return this.#now.byKind.get(`${apiVersion}/${kind}`);
  }

  definitionOf(resource: Pick<ServedResource, 'group' | 'version' | 'kind'>): ServedDefinition | undefined {
    return this.#now.definitions.get(`${apiVersionOf(resource)}/${resource.kind}`);
  }

  scalePathsOf(resource: ServedResource): ScalePaths | undefined {
    return this.definitionOf(resource)?.version.subresources?.scale;
  }

  get #now(): Served {
    // The store holds what verbs have validated against the schema of CustomResourceDefinition.
    this.#served ??= serve(this.#store.snapshot(DEFINITIONS).objects as readonly Definition[]);
    return this.#served;
  }
}

function serve(definitions: readonly Definition[]): Served {
  const custom = definitions.map((definition) => ({ definition, resources: customResources(definition) }));
  const resources = [...builtInResources(), ...inOrder(custom.flatMap((each) => each.resources))];
  const groupVersions = new Map(
    resources.map(({ group, version }) => [apiVersionOf({ group, version }), { group, version }]),
  );
  return {
    resources,
    groupVersions: [...groupVersions.values()],
    byPath: firstOf(resources, ({ group, version, resource }) => `${group}/${version}/${resource}`),
    byKind: firstOf(resources, kindKey),
    definitions: new Map(
      custom.flatMap(({ definition, resources: own }) =>
        own.flatMap((resource) => {
          const version = definition.spec.versions.find(({ name }) => name === resource.version);
          return version === undefined ? [] : [[kindKey(resource), { definition, version }] as const];
        }),
      ),
    ),
  };
}

function kindKey(resource: ServedResource): string {
  return `${apiVersionOf(resource)}/${resource.kind}`;
}

/** Groups by name, versions by preference over the whole group, resources by name. */
function inOrder(resources: readonly ServedResource[]): readonly ServedResource[] {
  return resources.toSorted(
    (a, b) =>
      compareTexts(a.group, b.group) ||
      compareVersions(a.version, b.version) ||
      compareTexts(a.resource, b.resource),
  );
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The first one wins: two built-in resources may answer the same kind. */
function firstOf(
  resources: readonly ServedResource[],
  key: (resource: ServedResource) => string,
): ReadonlyMap<string, ServedResource> {
  return new Map(resources.toReversed().map((resource) => [key(resource), resource]));
}
