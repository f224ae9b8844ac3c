import {
  type GraphQLArgumentConfig,
  GraphQLBoolean,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLInputType,
  GraphQLInt,
  GraphQLNonNull,
  GraphQLString,
} from 'graphql';
import type { RootField } from './root-names.ts';
import type { ShapeTypes } from './shape-types.ts';

/** The arguments of a resource's root field. The resource's group-version must be loaded. */
export function rootArguments(types: ShapeTypes, field: RootField): GraphQLFieldConfigArgumentMap {
  const { resource, subresource, action } = field;
  const base = (name: string): GraphQLInputType => types.named(name) as GraphQLInputType;
  const inNamespace = (required: boolean): GraphQLFieldConfigArgumentMap =>
    resource.namespaced ? { namespace: { type: required ? REQUIRED_STRING : GraphQLString } } : {};
  const kindInput = types.kindInput(resource, subresource?.kind);
  const input = { input: { type: new GraphQLNonNull(kindInput) } };
  const validation = { fieldValidation: { type: base('FieldValidation'), defaultValue: 'STRICT' } };
  switch (action) {
    case 'get':
      return { ...NAME, ...inNamespace(true), resourceVersion: { type: GraphQLString } };
    case 'list':
      return { ...inNamespace(false), ...SELECTORS, ...PAGING, ...freshness(base) };
    case 'watch':
      return { ...inNamespace(false), ...SELECTORS, ...WATCHING };
    case 'create':
      return subresource === undefined
        ? { ...inNamespace(false), ...input, ...WRITING, ...validation }
        : { ...inNamespace(true), ...NAME, input: { type: kindInput }, ...WRITING, ...validation };
    case 'replace':
      return { ...inNamespace(false), name: { type: GraphQLString }, ...input, ...WRITING, ...validation };
    case 'apply':
      return { ...inNamespace(false), ...NAME, ...input, ...APPLYING, ...WRITING };
    case 'patch':
      return { ...inNamespace(true), ...NAME, ...patching(base), ...WRITING, ...validation };
    case 'scale':
      return {
        ...inNamespace(true),
        ...NAME,
        replicas: { type: new GraphQLNonNull(GraphQLInt) },
        ...WRITING,
      };
    case 'delete':
      return { ...inNamespace(true), ...NAME, ...deleting(base), dryRun: DRY_RUN };
    case 'deleteCollection':
      return { ...inNamespace(true), ...SELECTORS, ...DELETING_ALL, ...deleting(base), dryRun: DRY_RUN };
  }
}

/** Finds an input type of base.graphql. */
type Base = (name: string) => GraphQLInputType;

function patching(base: Base): GraphQLFieldConfigArgumentMap {
  return {
    patch: { type: new GraphQLNonNull(base('JSON')) },
    type: { type: base('PatchType'), defaultValue: 'MERGE' },
  };
}

function freshness(base: Base): GraphQLFieldConfigArgumentMap {
  return {
    resourceVersion: { type: GraphQLString },
    resourceVersionMatch: { type: base('ResourceVersionMatch') },
  };
}

function deleting(base: Base): GraphQLFieldConfigArgumentMap {
  return {
    propagationPolicy: { type: base('PropagationPolicy'), defaultValue: 'Background' },
    gracePeriodSeconds: { type: GraphQLInt, description: "Default: the object's own. 0 deletes at once." },
    preconditions: { type: base('Preconditions') },
  };
}

const REQUIRED_STRING = new GraphQLNonNull(GraphQLString);

const NAME: GraphQLFieldConfigArgumentMap = { name: { type: REQUIRED_STRING } };

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

const DRY_RUN: GraphQLArgumentConfig = {
  type: GraphQLBoolean,
  defaultValue: false,
  description: 'Check and answer, but store nothing.',
};

const WRITING: GraphQLFieldConfigArgumentMap = {
  dryRun: DRY_RUN,
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
