import type { Registry, ServedResource } from '../../../../demo/api/resource.ts';
import type { Schema, SchemaSource } from '../../../../demo/schema/schema.ts';
import { builtIn, definitionName } from '../../../../demo/schema/unpack.ts';
import { ALL_VERBS, servedResource, subresource } from '../support/served-resource.ts';

const STATUS = subresource('status', ['get', 'patch', 'update']);
const SCALE = subresource('scale', ['get', 'patch', 'update']);

const CLUSTER_WIDE = { namespaced: false };
const WIDGET = { group: 'example.com', isCustom: true };
const REVIEW = { group: 'authorization.k8s.io', verbs: ['create'], ...CLUSTER_WIDE };

export const RESOURCES: readonly ServedResource[] = [
  servedResource('namespaces', 'Namespace', {
    ...CLUSTER_WIDE,
    verbs: ALL_VERBS.filter((verb) => verb !== 'deletecollection'),
    subresources: [STATUS, subresource('finalize', ['update'])],
    selectableFields: ['status.phase'],
  }),
  servedResource('pods', 'Pod', {
    subresources: [
      STATUS,
      subresource('eviction', ['create']),
      subresource('binding', ['create']),
      subresource('resize', ['patch']),
    ],
    selectableFields: ['spec.nodeName', 'spec.hostNetwork', 'status.phase'],
  }),
  servedResource('configmaps', 'ConfigMap'),
  servedResource('secrets', 'Secret', { selectableFields: ['type'] }),
  servedResource('services', 'Service', { subresources: [STATUS] }),
  servedResource('serviceaccounts', 'ServiceAccount', { subresources: [subresource('token', ['create'])] }),
  servedResource('events', 'Event', { selectableFields: ['involvedObject.name', 'reason'] }),
  servedResource('events', 'Event', {
    group: 'events.k8s.io',
    storageKey: '/events',
    selectableFields: ['regarding.name', 'reason'],
  }),
  servedResource('deployments', 'Deployment', { group: 'apps', subresources: [STATUS, SCALE] }),
  servedResource('jobs', 'Job', {
    group: 'batch',
    subresources: [STATUS],
    selectableFields: ['status.successful'],
  }),
  ...['v1', 'v2'].map((version) =>
    servedResource('horizontalpodautoscalers', 'HorizontalPodAutoscaler', {
      group: 'autoscaling',
      version,
      subresources: [STATUS],
    }),
  ),
  servedResource('leases', 'Lease', { group: 'coordination.k8s.io' }),
  servedResource('clusterroles', 'ClusterRole', { group: 'rbac.authorization.k8s.io', ...CLUSTER_WIDE }),
  servedResource('poddisruptionbudgets', 'PodDisruptionBudget', { group: 'policy', subresources: [STATUS] }),
  servedResource('widgets', 'Widget', {
    ...WIDGET,
    subresources: [STATUS, SCALE],
    selectableFields: ['spec.size'],
  }),
  // Its definition is going away.
  servedResource('relics', 'Relic', {
    ...WIDGET,
    verbs: ['delete', 'deletecollection', 'get', 'list', 'watch'],
  }),
  servedResource('planets', 'Planet', { ...WIDGET, ...CLUSTER_WIDE }),
  servedResource('selfsubjectaccessreviews', 'SelfSubjectAccessReview', REVIEW),
  servedResource('subjectaccessreviews', 'SubjectAccessReview', REVIEW),
  servedResource('localsubjectaccessreviews', 'LocalSubjectAccessReview', { ...REVIEW, namespaced: true }),
  servedResource('selfsubjectrulesreviews', 'SelfSubjectRulesReview', REVIEW),
  servedResource('selfsubjectreviews', 'SelfSubjectReview', { ...REVIEW, group: 'authentication.k8s.io' }),
  servedResource('tokenreviews', 'TokenReview', { ...REVIEW, group: 'authentication.k8s.io' }),
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
        title: { type: 'string' },
        note: { type: 'string', nullable: true },
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
