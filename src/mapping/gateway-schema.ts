import {
  type GraphQLField,
  type GraphQLFieldConfigMap,
  type GraphQLNamedType,
  GraphQLObjectType,
  GraphQLSchema,
} from 'graphql';
import type { Catalog } from '../catalog/catalog.ts';
import { apiVersionOf, type Resource } from '../catalog/resource.ts';
import type { Identity } from '../cluster/identity.ts';
import type { Shapes } from '../catalog/shapes.ts';
import { isKubegraphError } from '../errors/kubegraph-error.ts';
import { mapConcurrently } from '../util/concurrency.ts';
import { baseTypes } from './base-schema.ts';
import { LazyObjectType, LazySchema } from './lazy-schema.ts';
import { groupVersionPrefix, kindTypeName, surroundingTypeName } from './naming.ts';
import { rootFieldConfig } from './root-fields.ts';
import { DERIVED_TYPES, type Operation, rootNames, type RootNames } from './root-names.ts';
import { ShapeTypes } from './shape-types.ts';
import { SurroundingTypes } from './surrounding-types.ts';
import type { Touched } from './touched.ts';

/** Documents that are loaded at the same time: each is up to 2 MB, and all at once would saturate the API server. */
const CONCURRENT_DOCUMENTS = 6;

/**
 * The GraphQL schema of one catalogue.
 *
 * `schema` is lazy: before a document is validated or executed against it, `prepare` must have loaded what it touches.
 */
export class GatewaySchema {
  readonly schema: GraphQLSchema;
  readonly names: RootNames;
  readonly #catalog: Catalog;
  readonly #base = baseTypes();
  readonly #types: ShapeTypes;
  /** `apiVersion` by type name prefix, longest prefix first. */
  readonly #byPrefix: readonly (readonly [prefix: string, apiVersion: string])[];

  constructor(catalog: Catalog) {
    this.#catalog = catalog;
    this.#types = new ShapeTypes(this.#base);
    this.names = rootNames(catalog.discovery, new Set(this.#baseQueryFields().keys()));
    this.#byPrefix = [...this.names.byGroupVersion.keys()]
      .map((apiVersion) => [groupVersionPrefix(parseApiVersion(apiVersion)), apiVersion] as const)
      .sort(([a], [b]) => b.length - a.length);
    this.schema = this.#lazySchema();
  }

  /** Loads the group-versions that a document touches, as `identity`. */
  async prepare({ rootFields, typeNames }: Touched, identity: Identity): Promise<void> {
    const wanted = new Set<string>();
    for (const { operation, name } of rootFields) {
      const field = this.names.fields[operation].get(name);
      if (field !== undefined) wanted.add(apiVersionOf(field.resource));
    }
    for (const typeName of typeNames) {
      const apiVersion = this.#apiVersionOfType(typeName);
      if (apiVersion !== undefined) wanted.add(apiVersion);
    }
    await this.#load(this.#types, [...wanted], identity, false);
  }

  /** Loads what is needed to read or write objects of `resource`, and answers their type. */
  async typeOf(resource: Resource, identity: Identity): Promise<GraphQLObjectType> {
    await this.#load(this.#types, [apiVersionOf(resource)], identity, false);
    return this.#types.kind(resource);
  }

  /**
   * The same schema in full, with descriptions: an ordinary GraphQLSchema, for introspection and printing. Costs as much
   * as the cluster has types, so keep the answer and not the schema.
   */
  async full(identity: Identity): Promise<GraphQLSchema> {
    const base = baseTypes();
    const types = new ShapeTypes(base);
    await this.#load(types, [...this.names.byGroupVersion.keys()], identity, true);
    const root = (name: string, operation: Operation, more: GraphQLFieldConfigMap<unknown, unknown>) =>
      new GraphQLObjectType({
        name,
        fields: () => ({
          ...more,
          ...Object.fromEntries(
            [...this.names.fields[operation].values()].map((field) => [
              field.name,
              rootFieldConfig(types, field),
            ]),
          ),
        }),
      });
    const query = base.get('Query') as GraphQLObjectType;
    return new GraphQLSchema({
      query: root('Query', 'query', query.toConfig().fields),
      ...(this.#has('mutation') ? { mutation: root('Mutation', 'mutation', {}) } : {}),
      ...(this.#has('subscription') ? { subscription: root('Subscription', 'subscription', {}) } : {}),
      types: [...this.names.names.keys()].map((resource) => types.kind(resource)),
      assumeValid: true,
    });
  }

  #lazySchema(): LazySchema {
    const base = this.#baseQueryFields();
    const root = (
      name: string,
      operation: Operation,
      more: ReadonlyMap<string, GraphQLField<unknown, unknown>>,
    ) => {
      const resources = this.names.fields[operation];
      return new LazyObjectType(name, {
        names: () => [...more.keys(), ...resources.keys()],
        has: (field) => more.has(field) || resources.has(field),
        make: (field) => {
          const resource = resources.get(field);
          return (
            more.get(field) ?? (resource === undefined ? undefined : rootFieldConfig(this.#types, resource))
          );
        },
      });
    };
    return new LazySchema({
      query: root('Query', 'query', base),
      mutation: this.#has('mutation') ? root('Mutation', 'mutation', new Map()) : undefined,
      subscription: this.#has('subscription') ? root('Subscription', 'subscription', new Map()) : undefined,
      typeNamed: (name) => this.#types.named(name),
      known: [...this.#base.values()].filter((type) => type.name !== 'Query'),
    });
  }

  #has(operation: Operation): boolean {
    return this.names.fields[operation].size > 0;
  }

  #baseQueryFields(): ReadonlyMap<string, GraphQLField<unknown, unknown>> {
    const query = this.#base.get('Query') as GraphQLObjectType;
    return new Map(
      Object.values(query.getFields()).map((field) => [
        field.name,
        { ...field, extensions: { root: { kind: 'base', name: field.name } } },
      ]),
    );
  }

  async #load(
    types: ShapeTypes,
    apiVersions: readonly string[],
    identity: Identity,
    withTexts: boolean,
  ): Promise<void> {
    const missing = apiVersions.filter((apiVersion) => !types.isLoaded(apiVersion));
    const loaded = await mapConcurrently(missing, CONCURRENT_DOCUMENTS, async (apiVersion) => {
      const of = parseApiVersion(apiVersion);
      if (!withTexts) return { apiVersion, shapes: await this.#catalog.shapes(identity, of), texts: {} };
      // One aggregated API that does not answer must not take the whole picture along: its kinds are then shapeless.
      const shapes = await this.#catalog.shapes(identity, of).catch(unlessUnavailable(NO_SHAPES));
      const texts = await this.#catalog.texts(identity, of).catch(unlessUnavailable({}));
      return { apiVersion, shapes, texts };
    });
    for (const { apiVersion, shapes, texts } of loaded) {
      // Another request may have loaded it meanwhile; its types are in use.
      if (types.isLoaded(apiVersion)) continue;
      const resources = this.names.byGroupVersion.get(apiVersion) ?? [];
      types.load(apiVersion, resources, reservedNames(this.#base, resources), shapes, texts);
      const around = new SurroundingTypes(types);
      for (const resource of resources) around.offer(resource);
    }
  }

  #apiVersionOfType(typeName: string): string | undefined {
    const isPrefix = (prefix: string): boolean =>
      typeName.startsWith(prefix) && !/[a-z]/.test(typeName.charAt(prefix.length));
    return this.#byPrefix.find(([prefix]) => isPrefix(prefix))?.[1];
  }
}

const NO_SHAPES: Shapes = { objects: {}, kinds: {} };

/** Handles the failures of a part of the API server by answering `instead`. */
function unlessUnavailable<T>(instead: T): (error: unknown) => T {
  return (error) => {
    const isPartial = (['UNAVAILABLE', 'UPSTREAM_ERROR', 'TIMEOUT'] as const).some((code) =>
      isKubegraphError(error, code),
    );
    if (isPartial) return instead;
    throw error;
  };
}

function reservedNames(
  base: ReadonlyMap<string, GraphQLNamedType>,
  resources: readonly Resource[],
): ReadonlySet<string> {
  const kinds = new Set(resources.map(kindTypeName));
  const surroundings = resources.flatMap((resource) =>
    DERIVED_TYPES.map((suffix) => surroundingTypeName(resource, suffix, (name) => kinds.has(name))),
  );
  return new Set([...base.keys(), ...kinds, ...surroundings]);
}

function parseApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1) };
}
