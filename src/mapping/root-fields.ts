import {
  type GraphQLArgumentConfig,
  GraphQLBoolean,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLInputType,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLString,
} from 'graphql';
import { basePathOf, type Resource, type Subresource } from '../catalog/resource.ts';
import type { ResourceAction } from './bindings.ts';
import { kindTypeName, surroundingTypeName } from './naming.ts';
import type { DERIVED_TYPES, RootField } from './root-names.ts';
import type { ShapeTypes } from './shape-types.ts';

/** Makes the root fields of resources, and the types around a resource's objects. */
export class RootFields {
  readonly #types: ShapeTypes;

  constructor(types: ShapeTypes) {
    this.#types = types;
  }

  /** The field's definition. The resource's group-version must be loaded. */
  config(field: RootField): GraphQLFieldConfig<unknown, unknown> {
    const { resource, action, subresource } = field;
    return {
      type:
        subresource === undefined
          ? this.#type(resource, action)
          : this.#subresourceType(resource, subresource, action),
      args: this.#args(field),
      description: describe(field),
      extensions: { root: { kind: 'resource', action, resource, subresource } },
    };
  }

  /** Makes the types around objects known, for fragments that stand before the root field that leads to them. */
  offerSurroundings(resources: readonly Resource[]): void {
    for (const resource of resources) {
      this.#types.offer(this.#nameAround(resource, 'Connection'), () => this.#connection(resource));
      this.#types.offer(this.#nameAround(resource, 'Edge'), () => this.#edge(resource));
      this.#types.offer(this.#nameAround(resource, 'Event'), () => this.#event(resource));
      this.#types.offer(this.#nameAround(resource, 'Deletion'), () => this.#deletion(resource));
    }
  }

  #nameAround(resource: Resource, suffix: (typeof DERIVED_TYPES)[number]): string {
    return surroundingTypeName(resource, suffix, (name) => this.#types.isKind(name));
  }

  #subresourceType(resource: Resource, subresource: Subresource, action: ResourceAction): GraphQLOutputType {
    // OpenAPI says that these answer what they are given; the API server answers a Status.
    if (action === 'create' && ANSWERED_BY_STATUS.has(subresource.name)) return this.#named('Status');
    const kind = subresource.kind;
    const isOwn = kind === undefined || kindTypeName(kind) === kindTypeName(resource);
    if (isOwn) return this.#types.kind(resource);
    return this.#types.subresourceKind(resource, kind) ?? this.#named('JSON');
  }

  /** The types that only the resource's root fields lead to. */
  #type(resource: Resource, action: ResourceAction): GraphQLOutputType {
    switch (action) {
      case 'list':
      case 'deleteCollection':
        return this.#connection(resource);
      case 'watch':
        return new GraphQLNonNull(this.#event(resource));
      case 'delete':
        return this.#deletion(resource);
      default:
        return this.#types.kind(resource);
    }
  }

  #connection(resource: Resource): GraphQLObjectType {
    const name = this.#nameAround(resource, 'Connection');
    return this.#types.once(
      name,
      () =>
        new GraphQLObjectType({
          name,
          fields: () => ({
            items: { type: listOf(this.#types.kind(resource)) },
            edges: { type: listOf(this.#edge(resource)) },
            pageInfo: { type: new GraphQLNonNull(this.#named('PageInfo')) },
            resourceVersion: {
              type: GraphQLString,
              description: 'The state that the list shows; a subscription or a later list can start from it.',
            },
            remainingItemCount: {
              type: this.#named('Int64'),
              description:
                'How many objects follow this page, where the API server counts them (never with selectors).',
            },
          }),
        }),
    );
  }

  #edge(resource: Resource): GraphQLObjectType {
    const name = this.#nameAround(resource, 'Edge');
    return this.#types.once(
      name,
      () =>
        new GraphQLObjectType({
          name,
          fields: () => ({
            node: { type: new GraphQLNonNull(this.#types.kind(resource)) },
            cursor: { type: new GraphQLNonNull(GraphQLString) },
          }),
        }),
    );
  }

  #event(resource: Resource): GraphQLObjectType {
    const name = this.#nameAround(resource, 'Event');
    return this.#types.once(
      name,
      () =>
        new GraphQLObjectType({
          name,
          fields: () => ({
            type: { type: new GraphQLNonNull(this.#named('WatchEventType')) },
            object: { type: this.#types.kind(resource), description: 'Null for SYNCED only.' },
            cursor: {
              type: new GraphQLNonNull(GraphQLString),
              description: 'What `resumeFrom` takes to go on behind this event.',
            },
          }),
        }),
    );
  }

  #deletion(resource: Resource): GraphQLObjectType {
    const name = this.#nameAround(resource, 'Deletion');
    return this.#types.once(
      name,
      () =>
        new GraphQLObjectType({
          name,
          fields: () => ({
            pending: {
              type: new GraphQLNonNull(GraphQLBoolean),
              description:
                'Whether the object is still there: its finalizers or its grace period have to pass first.',
            },
            object: {
              type: this.#types.kind(resource),
              description: 'The object, where the API server answers with it.',
            },
            status: {
              type: this.#named('Status'),
              description: "The API server's Status, where it answers with one.",
            },
          }),
        }),
    );
  }

  #args({ resource, subresource, action }: RootField): GraphQLFieldConfigArgumentMap {
    const inNamespace = (required: boolean): GraphQLFieldConfigArgumentMap =>
      resource.namespaced ? { namespace: { type: required ? REQUIRED_STRING : GraphQLString } } : {};
    const name = { name: { type: REQUIRED_STRING } };
    const input = { input: { type: new GraphQLNonNull(this.#types.kindInput(resource, subresource?.kind)) } };
    const validation = { fieldValidation: { type: this.#input('FieldValidation'), defaultValue: 'STRICT' } };
    switch (action) {
      case 'get':
        return { ...name, ...inNamespace(true), resourceVersion: { type: GraphQLString } };
      case 'list':
        return { ...inNamespace(false), ...SELECTORS, ...PAGING, ...this.#freshness() };
      case 'watch':
        return { ...inNamespace(false), ...SELECTORS, ...WATCHING };
      case 'create':
        return subresource === undefined
          ? { ...inNamespace(false), ...input, ...WRITING, ...validation }
          : {
              ...inNamespace(true),
              ...name,
              input: { type: input.input.type.ofType },
              ...WRITING,
              ...validation,
            };
      case 'replace':
        return { ...inNamespace(false), name: { type: GraphQLString }, ...input, ...WRITING, ...validation };
      case 'apply':
        return { ...inNamespace(false), ...name, ...input, ...APPLYING, ...WRITING };
      case 'patch':
        return { ...inNamespace(true), ...name, ...this.#patching(), ...WRITING, ...validation };
      case 'scale':
        return {
          ...inNamespace(true),
          ...name,
          replicas: { type: new GraphQLNonNull(GraphQLInt) },
          ...WRITING,
        };
      case 'delete':
        return {
          ...inNamespace(true),
          ...name,
          ...this.#deleting(),
          dryRun: WRITING['dryRun'] as GraphQLArgumentConfig,
        };
      case 'deleteCollection':
        return {
          ...inNamespace(true),
          ...SELECTORS,
          ...DELETING_ALL,
          ...this.#deleting(),
          dryRun: WRITING['dryRun'] as GraphQLArgumentConfig,
        };
    }
  }

  #patching(): GraphQLFieldConfigArgumentMap {
    return {
      patch: { type: new GraphQLNonNull(this.#input('JSON')) },
      type: { type: this.#input('PatchType'), defaultValue: 'MERGE' },
    };
  }

  #freshness(): GraphQLFieldConfigArgumentMap {
    return {
      resourceVersion: { type: GraphQLString },
      resourceVersionMatch: { type: this.#input('ResourceVersionMatch') },
    };
  }

  #deleting(): GraphQLFieldConfigArgumentMap {
    return {
      propagationPolicy: { type: this.#input('PropagationPolicy'), defaultValue: 'Background' },
      gracePeriodSeconds: { type: GraphQLInt, description: "Default: the object's own. 0 deletes at once." },
      preconditions: { type: this.#input('Preconditions') },
    };
  }

  #input(name: string): GraphQLInputType {
    return this.#types.named(name) as GraphQLInputType;
  }

  #named(name: string): GraphQLOutputType & GraphQLObjectType {
    // base.graphql has it; which kind of type it is shows where it is used.
    return this.#types.named(name) as GraphQLObjectType;
  }
}

/** Subresources that are asked for something instead of being changed. */
const ANSWERED_BY_STATUS: ReadonlySet<string> = new Set(['binding', 'eviction']);

const REQUIRED_STRING = new GraphQLNonNull(GraphQLString);

const SELECTORS: GraphQLFieldConfigArgumentMap = {
  labelSelector: { type: GraphQLString, description: 'As for kubectl: `app=web,tier in (a,b),!canary`.' },
  fieldSelector: { type: GraphQLString, description: 'As for kubectl: `status.phase=Running`.' },
};

const PAGING: GraphQLFieldConfigArgumentMap = {
  first: { type: GraphQLInt, description: 'At most so many. Default: all of them.' },
  after: { type: GraphQLString, description: 'The cursor of an edge, or the `endCursor` of a page.' },
};

const WATCHING: GraphQLFieldConfigArgumentMap = {
  name: {
    type: GraphQLString,
    description: 'Only the object of this name; a permission for that name is enough.',
  },
  resumeFrom: {
    type: GraphQLString,
    description:
      'The `cursor` of an earlier event: go on behind it, without a snapshot. Default: a snapshot first.',
  },
};

const WRITING: GraphQLFieldConfigArgumentMap = {
  dryRun: { type: GraphQLBoolean, defaultValue: false, description: 'Check and answer, but store nothing.' },
  fieldManager: { type: GraphQLString, description: 'Who sets the fields. Default: `kubegraph`.' },
};

const APPLYING: GraphQLFieldConfigArgumentMap = {
  force: {
    type: GraphQLBoolean,
    defaultValue: false,
    description: 'Take over fields that other managers own.',
  },
};

const DELETING_ALL: GraphQLFieldConfigArgumentMap = {
  all: {
    type: GraphQLBoolean,
    defaultValue: false,
    description: 'Must be true to delete without a selector.',
  },
};

const SUMMARIES: Readonly<Record<ResourceAction, (resource: Resource) => string>> = {
  get: ({ kind }) => `One ${kind}; null with NOT_FOUND where there is none.`,
  list: ({ kind, namespaced }) =>
    namespaced ? `All ${kind} objects of a namespace, or of all namespaces.` : `All ${kind} objects.`,
  watch: ({ kind }) => `Every ${kind} as ADDED, then SYNCED, then each change.`,
  create: ({ kind }) => `Creates a ${kind}.`,
  replace: ({ kind }) => `Replaces a ${kind} as a whole: what the input lacks is removed.`,
  patch: ({ kind }) => `Changes parts of a ${kind}.`,
  apply: ({ kind }) => `Server-side apply: creates a ${kind}, or sets the fields that the input names.`,
  delete: ({ kind }) => `Deletes a ${kind}.`,
  scale: ({ kind }) => `Sets how many replicas a ${kind} has.`,
  deleteCollection: ({ kind }) => `Deletes all ${kind} objects that match; answers what was deleted.`,
};

const METHODS: Readonly<Record<ResourceAction, string>> = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  create: 'POST',
  replace: 'PUT',
  patch: 'PATCH',
  apply: 'PATCH',
  delete: 'DELETE',
  deleteCollection: 'DELETE',
  scale: 'PATCH',
};

function describe(field: RootField): string {
  const { action, resource, subresource } = field;
  const summary =
    subresource === undefined || action === 'scale'
      ? SUMMARIES[action](resource)
      : `The \`${subresource.name}\` subresource of a ${resource.kind}.`;
  return `${summary} HTTP path: \`${METHODS[action]} ${pathTemplate(field)}\``;
}

function pathTemplate({ action, resource, subresource }: RootField): string {
  const namespace = resource.namespaced ? '/namespaces/{namespace}' : '';
  const collection = `${basePathOf(resource)}${namespace}/${resource.resource}`;
  if (subresource !== undefined) return `${collection}/{name}/${subresource.name}`;
  if (action === 'watch') return `${collection}?watch=1`;
  return ['list', 'create', 'deleteCollection'].includes(action) ? collection : `${collection}/{name}`;
}

function listOf(type: GraphQLObjectType): GraphQLOutputType {
  return new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(type)));
}
