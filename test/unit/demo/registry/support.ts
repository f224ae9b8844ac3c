import type { KubeObject } from '../../../../demo/api/object.ts';
import { DEFINITIONS } from '../../../../demo/registry/custom.ts';
import { RegistryDocuments } from '../../../../demo/registry/documents.ts';
import { createRegistry, type LiveRegistry } from '../../../../demo/registry/registry.ts';
import { watchDefinitions } from '../../../../demo/registry/watch-definitions.ts';
import type { Definition, DefinitionVersion } from '../../../../demo/schema/definition.ts';
import { createStore } from '../../../../demo/storage/memory-store.ts';
import type { Store } from '../../../../demo/storage/store.ts';
import { TestClock } from '../support/test-clock.ts';

export interface Bench {
  readonly store: Store;
  readonly registry: LiveRegistry;
  readonly documents: RegistryDocuments;
  readonly clock: TestClock;
  /** Stores a definition and waits until it is looked at. */
  define(definition: Definition): void;
  /** The definition as it is stored now. */
  definition(name: string): Definition | undefined;
}

export function createBench(): Bench {
  const clock = new TestClock();
  const store = createStore({ clock });
  const registry = createRegistry(store);
  watchDefinitions(store, clock);
  return {
    store,
    registry,
    documents: new RegistryDocuments({ registry, serverAddress: '127.0.0.1:6443' }),
    clock,
    define(definition) {
      store.insert(DEFINITIONS, definition);
      clock.settle();
    },
    definition: (name) => store.get(DEFINITIONS, undefined, name) as Definition | undefined,
  };
}

export interface Wanted {
  readonly plural?: string;
  readonly kind?: string;
  readonly shortNames?: readonly string[];
  readonly scope?: 'Namespaced' | 'Cluster';
  readonly versions?: readonly (Partial<DefinitionVersion> & { readonly name: string })[];
}

/** `widgets.example.com`, unless other names are wanted. The first version is the one that is stored. */
export function widgetDefinition(wanted: Wanted = {}): Definition {
  const { plural = 'widgets', kind = 'Widget', shortNames = [], scope = 'Namespaced' } = wanted;
  const properties = { spec: { type: 'object', properties: { size: { type: 'integer' } } } };
  const versions = (wanted.versions ?? [{ name: 'v1' }]).map((version, index) => ({
    served: true,
    storage: index === 0,
    schema: { openAPIV3Schema: { type: 'object', properties } },
    ...version,
  }));
  const names = { plural, kind, singular: kind.toLowerCase(), listKind: `${kind}List`, shortNames };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.example.com` },
    spec: { group: 'example.com', scope, names, versions },
  };
}

export function widget(name: string, finalizers?: readonly string[]): KubeObject {
  return {
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name, namespace: 'default', ...(finalizers === undefined ? {} : { finalizers }) },
  };
}
