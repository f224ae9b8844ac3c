import { createHash } from 'node:crypto';
import type { GraphQLNamedType } from 'graphql';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Deprecations } from '../../catalog/deprecations/deprecations.ts';
import {
  apiVersionOf,
  type GroupVersionKind,
  parseApiVersion,
  type Resource,
} from '../../catalog/resource.ts';
import { kindKey, type Shapes, type Texts } from '../../catalog/openapi/shapes.ts';
import type { Identity } from '../../cluster/identity.ts';
import { isKubegraphError, type KubegraphError } from '../../errors/kubegraph-error.ts';
import { byName } from '../../util/by-name.ts';
import { definitionOf, fieldOf } from './base-definitions.ts';
import { baseRootFields, typesBelowRoots } from './base-roots.ts';
import { baseSdl } from '../graphql/base-sdl.ts';
import type {
  FieldDefinition,
  FoundDefinition,
  PartDefinitions,
  SchemaPart,
  TypeDefinition,
} from './definitions.ts';
import { GroupVersionTypes } from './group-version-types.ts';
import { type GroupVersionName, kindTypeName, type PrefixOf } from '../names/naming.ts';
import { OWN_GROUPS } from '../names/own-groups.ts';
import type { Operation, RootField } from '../names/resource-fields.ts';
import { rootFieldDefinition } from './root-fields.ts';
import type { RootNames } from '../names/root-names.ts';

export interface SchemaPartsSource {
  readonly catalog: Catalog;
  readonly names: RootNames;
  /** The types of base.graphql. */
  readonly base: ReadonlyMap<string, GraphQLNamedType>;
  readonly prefixOf: PrefixOf;
  readonly deprecations: KnownDeprecations;
}

/** What the API server says of kinds that will go away, as far as it is known. */
export type KnownDeprecations = Pick<Deprecations, 'reasonFor' | 'revision'>;

/** A schema part by part. */
export class SchemaParts {
  readonly #source: SchemaPartsSource;
  readonly #baseNames: ReadonlySet<string>;
  #resources: ReadonlyMap<string, Resource> | undefined;
  #roots: ReadonlyMap<string, Roots> | undefined;
  #own: readonly string[] | undefined;
  #all: { readonly revision: number; readonly parts: readonly SchemaPart[] } | undefined;
  /** By the descriptions that they were made with, and as long as these are kept. */
  readonly #described = new WeakMap<Texts, GroupVersionTypes>();

  constructor(source: SchemaPartsSource) {
    this.#source = source;
    this.#baseNames = new Set(source.base.keys());
  }

  get all(): readonly SchemaPart[] {
    const { revision } = this.#source.deprecations;
    if (this.#all?.revision === revision) return this.#all.parts;
    const apiVersions = [...this.#source.names.byGroupVersion.keys()].sort();
    const base = { name: '', key: digest(baseSdl) };
    const parts = [base, ...apiVersions.map((name) => ({ name, key: this.#key(name) }))];
    this.#all = { revision, parts };
    return parts;
  }

  get kindNames(): readonly string[] {
    const { names, prefixOf } = this.#source;
    return [...new Set(names.resources.map((resource) => kindTypeName(resource, prefixOf)))].sort();
  }

  async definitions(part: SchemaPart, identity: Identity): Promise<PartDefinitions> {
    if (part.name === '') return this.#baseDefinitions();
    const { types, problem, isPassing } = await this.#describedTypes(part.name, identity);
    const names = [...types.names].sort();
    const isElsewhere = (name: string): boolean => types.foreignOwner(name) !== undefined;
    const define = (name: string): TypeDefinition => types.definition(name) as TypeDefinition;
    return {
      types: names.filter((name) => types.isOwn(name)).map(define),
      shared: names.filter((name) => !types.isOwn(name) && !isElsewhere(name)).map(define),
      roots: mapRoots((operation) => this.#rootFields(part.name, operation, types)),
      problem,
      isPassing,
    };
  }

  /** @param apiVersion the group-version that the type's name says, if it says one. */
  async definition(
    typeName: string,
    apiVersion: string | undefined,
    identity: Identity,
  ): Promise<FoundDefinition> {
    const base = this.#source.base.get(typeName);
    if (base !== undefined) return { definition: definitionOf(base), isPassing: false };
    const named = apiVersion === undefined ? [] : [apiVersion];
    // apimachinery's types say none, and a document of one group describes some of another.
    let isPassing = false;
    for (const candidate of new Set([...named, ...this.#ownVersions()])) {
      const described = await this.#describedTypes(candidate, identity);
      isPassing ||= described.isPassing;
      const definition = described.types.definition(typeName);
      if (definition !== undefined) return { definition, isPassing };
    }
    return { definition: undefined, isPassing };
  }

  /** The types of a group-version, from its document. */
  typesOf(of: GroupVersionName, shapes: Shapes, texts: Texts): GroupVersionTypes {
    const { names, prefixOf } = this.#source;
    return new GroupVersionTypes({
      of,
      resources: names.byGroupVersion.get(apiVersionOf(of)) ?? [],
      shapes,
      texts,
      baseNames: this.#baseNames,
      prefixOf,
      resourceOf: (kind) => this.#resourceOf(kind),
    });
  }

  async #describedTypes(apiVersion: string, identity: Identity): Promise<DescribedTypes> {
    const { catalog } = this.#source;
    const of = parseApiVersion(apiVersion);
    try {
      const shapes = await catalog.shapes(identity, of);
      const texts = await catalog.texts(identity, of);
      const isPassing = !(shapes.isOfHash && texts.isOfHash);
      const known = isPassing ? undefined : this.#described.get(texts.content);
      const types = known ?? this.typesOf(of, shapes.content, texts.content);
      if (!isPassing) this.#described.set(texts.content, types);
      return { types, problem: undefined, isPassing };
    } catch (error) {
      // One aggregated API that does not answer must not take the whole picture along.
      if (!isPartial(error)) throw error;
      const types = this.typesOf(of, NO_SHAPES, {});
      return { types, problem: `${apiVersion}: ${error.message}`, isPassing: true };
    }
  }

  #baseDefinitions(): PartDefinitions {
    const { base } = this.#source;
    const types = typesBelowRoots(base).map(definitionOf);
    // They are there for everybody, also where no resource is.
    const roots = mapRoots((operation) => baseRootFields(base, operation).map(fieldOf));
    return { types: types.sort(byName), shared: [], roots, problem: undefined, isPassing: false };
  }

  #rootFields(
    apiVersion: string,
    operation: Operation,
    types: GroupVersionTypes,
  ): readonly FieldDefinition[] {
    const { deprecations } = this.#source;
    const fields = this.#rootsOf(apiVersion)[operation];
    return fields
      .map((field) => rootFieldDefinition(types, field, deprecations.reasonFor(field.resource)))
      .sort(byName);
  }

  #rootsOf(apiVersion: string): Roots {
    this.#roots ??= rootsByVersion(this.#source.names);
    return this.#roots.get(apiVersion) ?? NO_ROOTS;
  }

  #resourceOf(kind: GroupVersionKind): Resource | undefined {
    this.#resources ??= new Map(this.#source.names.resources.map((each) => [kindKey(each), each]));
    return this.#resources.get(kindKey(kind));
  }

  /** Of Kubernetes' own groups. */
  #ownVersions(): readonly string[] {
    const apiVersions = [...this.#source.names.byGroupVersion.keys()];
    this.#own ??= OWN_GROUPS.flatMap((group) =>
      apiVersions.filter((apiVersion) => parseApiVersion(apiVersion).group === group),
    );
    return this.#own;
  }

  /** Of everything that the part's definitions are made from. */
  #key(apiVersion: string): string {
    const { catalog, names, prefixOf, deprecations } = this.#source;
    const of = parseApiVersion(apiVersion);
    const resources = names.byGroupVersion.get(apiVersion) ?? [];
    const roots = this.#rootsOf(apiVersion);
    const content = [
      apiVersion,
      prefixOf(of),
      // A document without a hash may be any.
      catalog.documentHash(of) || catalog.revision,
      resources,
      resources.map((resource) => deprecations.reasonFor(resource)),
      mapRoots((operation) => roots[operation].map(({ name }) => name)),
      // What a foreign kind is depends on whether its group-version is shown.
      this.#ownVersions(),
    ];
    return digest(JSON.stringify(content));
  }
}

interface DescribedTypes extends Pick<PartDefinitions, 'problem' | 'isPassing'> {
  readonly types: GroupVersionTypes;
}

type Roots = Readonly<Record<Operation, readonly RootField[]>>;

const NO_ROOTS: Roots = { query: [], mutation: [], subscription: [] };

function mapRoots<T>(make: (operation: Operation) => T): Readonly<Record<Operation, T>> {
  return { query: make('query'), mutation: make('mutation'), subscription: make('subscription') };
}

function rootsByVersion(names: RootNames): ReadonlyMap<string, Roots> {
  const roots = new Map<string, Record<Operation, RootField[]>>();
  for (const operation of ['query', 'mutation', 'subscription'] as const) {
    for (const field of names.all(operation).values()) {
      const apiVersion = apiVersionOf(field.resource);
      const known = roots.get(apiVersion) ?? { query: [], mutation: [], subscription: [] };
      known[operation].push(field);
      roots.set(apiVersion, known);
    }
  }
  return roots;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

const NO_SHAPES: Shapes = { objects: {}, kinds: {} };

/** Whether a failure is of a part of the API server only. */
function isPartial(error: unknown): error is KubegraphError {
  return (['UNAVAILABLE', 'UPSTREAM_ERROR', 'TIMEOUT'] as const).some((code) =>
    isKubegraphError(error, code),
  );
}
