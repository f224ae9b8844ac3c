import type { GraphQLField, GraphQLFieldConfig, GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { Catalog } from '../catalog/catalog.ts';
import { apiVersionOf, parseApiVersion, type Resource } from '../catalog/resource.ts';
import type { Identity } from '../cluster/identity.ts';
import { mapConcurrently } from '../util/concurrency.ts';
import { baseTypes } from './graphql/base-schema.ts';
import { baseRootFields, ROOT_TYPES, typesBelowRoots } from './definitions/base-roots.ts';
import type { FoundDefinition, PartDefinitions, Passing, SchemaPart } from './definitions/definitions.ts';
import { graphqlField } from './graphql/graphql-types.ts';
import { LazyObjectType, LazySchema } from './graphql/lazy-schema.ts';
import type { PrefixOf } from './names/naming.ts';
import { HiddenNames } from './names/hidden-names.ts';
import { type ApiVersionOfType, apiVersionsByType, prefixesOf } from './names/prefixes.ts';
import type { Operation } from './names/resource-fields.ts';
import { rootFieldDefinition } from './definitions/root-fields.ts';
import { RootNames } from './names/root-names.ts';
import { DEFAULT_SCHEMA_OPTIONS, type SchemaOptions } from './schema-options.ts';
import { type KnownDeprecations, SchemaParts } from './definitions/schema-parts.ts';
import type { Touched } from './touched.ts';
import { TypeRegistry } from './graphql/type-registry.ts';
import { shownDiscovery } from './names/visibility.ts';

/** Documents that are loaded at the same time: each is up to 2 MB, and all at once would saturate the API server. */
const CONCURRENT_DOCUMENTS = 6;

/**
 * The GraphQL schema of one catalogue.
 *
 * `schema` is lazy: before a document is validated or executed against it, `prepare` must have loaded what it touches.
 * What shows the whole of it is made from `parts`, one after the other.
 */
export class GatewaySchema implements Passing {
  readonly schema: GraphQLSchema;
  readonly names: RootNames;
  /** What of the API server the options hide. */
  readonly hidden: HiddenNames;
  /** What about the options could not be followed, in words. */
  readonly problems: readonly string[];
  readonly #catalog: Catalog;
  readonly #base = baseTypes();
  readonly #types = new TypeRegistry(this.#base);
  readonly #parts: SchemaParts;
  readonly #prefixOf: PrefixOf;
  #isPassing = false;
  /** Only documents with fragments or variables need it. */
  #apiVersionsByType: ApiVersionOfType | undefined;

  constructor(
    catalog: Catalog,
    options: SchemaOptions = DEFAULT_SCHEMA_OPTIONS,
    deprecations: KnownDeprecations = NO_DEPRECATIONS,
  ) {
    this.#catalog = catalog;
    // Of everything: what is shown must not change what something else is called.
    this.#prefixOf = prefixesOf(catalog.discovery);
    this.hidden = new HiddenNames(catalog.discovery, options, this.#prefixOf);
    const discovery = shownDiscovery(catalog.discovery, options);
    const namesOf = (operation: Operation): ReadonlySet<string> =>
      new Set(this.#baseFields(operation).keys());
    const reserved = {
      query: namesOf('query'),
      mutation: namesOf('mutation'),
      subscription: namesOf('subscription'),
    };
    this.names = new RootNames(discovery, { prefixOf: this.#prefixOf, reserved, pins: options.names });
    this.problems = this.names.problems;
    this.#parts = new SchemaParts({
      catalog,
      names: this.names,
      base: this.#base,
      prefixOf: this.#prefixOf,
      deprecations,
    });
    this.schema = this.#lazySchema();
  }

  /** base.graphql first, then the shown group-versions in the order of their names. */
  get parts(): readonly SchemaPart[] {
    return this.#parts.all;
  }

  /**
   * Whether a type in use was made from another document than the one that the catalogue names. Good for what has begun with
   * it; what begins later wants a new schema.
   */
  get isPassing(): boolean {
    return this.#isPassing;
  }

  /** The type names of all whole objects, sorted: what implements KubernetesObject. */
  get kindNames(): readonly string[] {
    return this.#parts.kindNames;
  }

  /** Whether there are root fields of an operation. */
  hasOperation(operation: Operation): boolean {
    return baseRootFields(this.#base, operation).length > 0 || this.names.hasAny(operation);
  }

  /**
   * The definitions of one part, descriptions included; its document is loaded as `identity`. The kinds of a
   * group-version that does not answer just now are shapeless. Nothing is kept.
   */
  definitions(part: SchemaPart, identity: Identity): Promise<PartDefinitions> {
    return this.#parts.definitions(part, identity);
  }

  /** The definition of a type, descriptions included. */
  definition(typeName: string, identity: Identity): Promise<FoundDefinition> {
    return this.#parts.definition(typeName, this.#apiVersionOfType(typeName), identity);
  }

  /** Loads the group-versions that a document touches, as `identity`. */
  async prepare({ rootFields, typeNames }: Touched, identity: Identity): Promise<void> {
    const wanted = new Set<string>();
    for (const { operation, name } of rootFields) {
      const field = this.names.field(operation, name);
      if (field !== undefined) wanted.add(apiVersionOf(field.resource));
    }
    for (const typeName of typeNames) {
      const apiVersion = this.#base.has(typeName) ? undefined : this.#apiVersionOfType(typeName);
      if (apiVersion !== undefined) wanted.add(apiVersion);
    }
    await this.#load([...wanted], identity);
  }

  /** Loads what is needed to read or write objects of `resource`, and answers their type. */
  async typeOf(resource: Resource, identity: Identity): Promise<GraphQLObjectType> {
    const apiVersion = apiVersionOf(resource);
    await this.#load([apiVersion], identity);
    const name = this.#types.groupVersion(apiVersion)?.kindName(resource) ?? '';
    return this.#types.expect(name) as GraphQLObjectType;
  }

  async #load(apiVersions: readonly string[], identity: Identity): Promise<void> {
    const missing = apiVersions.filter((apiVersion) => this.#types.groupVersion(apiVersion) === undefined);
    const loaded = await mapConcurrently(missing, CONCURRENT_DOCUMENTS, async (apiVersion) => {
      const of = parseApiVersion(apiVersion);
      return { apiVersion, of, shapes: await this.#catalog.shapes(identity, of) };
    });
    for (const { apiVersion, of, shapes } of loaded) {
      // Another request may have loaded it meanwhile; its types are in use.
      if (this.#types.groupVersion(apiVersion) !== undefined) continue;
      this.#types.load(apiVersion, this.#parts.typesOf(of, shapes.content, {}));
      this.#isPassing ||= !shapes.isOfHash;
    }
  }

  #lazySchema(): LazySchema {
    return new LazySchema({
      query: this.#root('query'),
      mutation: this.hasOperation('mutation') ? this.#root('mutation') : undefined,
      subscription: this.hasOperation('subscription') ? this.#root('subscription') : undefined,
      typeNamed: (name) => this.#types.named(name),
      known: typesBelowRoots(this.#base),
    });
  }

  #root(operation: Operation): LazyObjectType {
    const base = this.#baseFields(operation);
    return new LazyObjectType(ROOT_TYPES[operation], {
      names: () => [...base.keys(), ...this.names.all(operation).keys()],
      has: (field) => base.has(field) || this.names.field(operation, field) !== undefined,
      make: (field) => base.get(field) ?? this.#rootField(operation, field),
    });
  }

  #rootField(operation: Operation, name: string): GraphQLFieldConfig<unknown, unknown> | undefined {
    const field = this.names.field(operation, name);
    const types = field === undefined ? undefined : this.#types.groupVersion(apiVersionOf(field.resource));
    if (field === undefined || types === undefined) return undefined;
    return graphqlField(rootFieldDefinition(types, field, undefined), (each) => this.#types.expect(each));
  }

  #baseFields(operation: Operation): ReadonlyMap<string, GraphQLField<unknown, unknown>> {
    return new Map(
      baseRootFields(this.#base, operation).map((field) => [
        field.name,
        { ...field, extensions: { root: { kind: 'base', operation, name: field.name } } },
      ]),
    );
  }

  #apiVersionOfType(typeName: string): string | undefined {
    this.#apiVersionsByType ??= apiVersionsByType([...this.names.byGroupVersion.keys()], this.#prefixOf);
    return this.#apiVersionsByType(typeName);
  }
}

const NO_DEPRECATIONS: KnownDeprecations = { reasonFor: () => undefined, revision: 0 };
