import type { Registry, ServedResource, ServedSubresource } from '../../../../demo/api/resource.ts';
import type { Schema, SchemaSource } from '../../../../demo/schema/schema.ts';
import { builtIn, definitionName } from '../../../../demo/schema/unpack.ts';

const ALL = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

function subresource(name: string, verbs: readonly string[]): ServedSubresource {
  return { name, verbs, kind: { group: '', version: 'v1', kind: '' } };
}

const STATUS = subresource('status', ['get', 'patch', 'update']);
const SCALE = subresource('scale', ['get', 'patch', 'update']);

function served(resource: string, kind: string, rest: Partial<ServedResource> = {}): ServedResource {
  const { group = '' } = rest;
  return {
    group,
    version: 'v1',
    resource,
    singular: kind.toLowerCase(),
    kind,
    namespaced: true,
    shortNames: [],
    categories: [],
    verbs: ALL,
    subresources: [],
    storageKey: `${group}/${resource}`,
    isCustom: false,
    definition: '',
    printerColumns: [],
    selectableFields: [],
    ...rest,
  };
}

const CLUSTER_WIDE = { namespaced: false };
const WIDGET = { group: 'example.com', isCustom: true };
const REVIEW = { group: 'authorization.k8s.io', verbs: ['create'], ...CLUSTER_WIDE };

export const RESOURCES: readonly ServedResource[] = [
  served('namespaces', 'Namespace', {
    ...CLUSTER_WIDE,
    verbs: ALL.filter((verb) => verb !== 'deletecollection'),
    subresources: [STATUS, subresource('finalize', ['update'])],
    selectableFields: ['status.phase'],
  }),
  served('pods', 'Pod', {
    subresources: [
      STATUS,
      subresource('eviction', ['create']),
      subresource('binding', ['create']),
      subresource('resize', ['patch']),
    ],
    selectableFields: ['spec.nodeName', 'spec.hostNetwork', 'status.phase'],
  }),
  served('configmaps', 'ConfigMap'),
  served('secrets', 'Secret', { selectableFields: ['type'] }),
  served('services', 'Service', { subresources: [STATUS] }),
  served('serviceaccounts', 'ServiceAccount', { subresources: [subresource('token', ['create'])] }),
  served('events', 'Event', { selectableFields: ['involvedObject.name', 'reason'] }),
  served('events', 'Event', {
    group: 'events.k8s.io',
    storageKey: '/events',
    selectableFields: ['regarding.name', 'reason'],
  }),
  served('deployments', 'Deployment', { group: 'apps', subresources: [STATUS, SCALE] }),
  served('jobs', 'Job', { group: 'batch', subresources: [STATUS], selectableFields: ['status.successful'] }),
  served('leases', 'Lease', { group: 'coordination.k8s.io' }),
  served('clusterroles', 'ClusterRole', { group: 'rbac.authorization.k8s.io', ...CLUSTER_WIDE }),
  served('poddisruptionbudgets', 'PodDisruptionBudget', { group: 'policy', subresources: [STATUS] }),
  served('widgets', 'Widget', { ...WIDGET, subresources: [STATUS, SCALE], selectableFields: ['spec.size'] }),
  served('planets', 'Planet', { ...WIDGET, ...CLUSTER_WIDE }),
  served('selfsubjectaccessreviews', 'SelfSubjectAccessReview', REVIEW),
  served('subjectaccessreviews', 'SubjectAccessReview', REVIEW),
  served('localsubjectaccessreviews', 'LocalSubjectAccessReview', { ...REVIEW, namespaced: true }),
  served('selfsubjectrulesreviews', 'SelfSubjectRulesReview', REVIEW),
  served('selfsubjectreviews', 'SelfSubjectReview', { ...REVIEW, group: 'authentication.k8s.io' }),
  served('tokenreviews', 'TokenReview', { ...REVIEW, group: 'authentication.k8s.io' }),
];

export const registry: Registry = {
  resources: RESOURCES,
  groupVersions: [],
  find: (group, version, resource) =>
    RESOURCES.find((each) => each.group === group && each.version === version && each.resource === resource),
  findKind: (apiVersion, kind) =>
    RESOURCES.find(
      (each) => each.kind === kind && (each.group === '' ? 'v1' : `${each.group}/v1`) === apiVersion,
    ),
  scalePathsOf: ({ isCustom }) =>
    isCustom
      ? {
          specReplicasPath: '.spec.replicas',
          statusReplicasPath: '.status.replicas',
          labelSelectorPath: '.status.selector',
        }
      : undefined,
};

const WIDGET_SCHEMA: Schema = {
  type: 'object',
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
    spec: {
      type: 'object',
      properties: {
        replicas: { type: 'integer', default: 1 },
        size: { type: 'string', enum: ['s', 'm'] },
      },
    },
    status: {
      type: 'object',
      properties: { phase: { type: 'string' }, replicas: { type: 'integer' }, selector: { type: 'string' } },
    },
  },
};

export const schemas: SchemaSource = {
  schemaOf: (of) => {
    if (of.group === 'example.com') return WIDGET_SCHEMA;
    const name = definitionName(of);
    return name === undefined ? undefined : builtIn().definitions[name];
  },
  resolve: (schema) => {
    const reference = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0]?.$ref : undefined);
    return reference === undefined
      ? schema
      : (builtIn().definitions[reference.split('/').at(-1) ?? ''] ?? schema);
  },
};
