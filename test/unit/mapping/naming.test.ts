import { describe, expect, it } from 'vitest';
import {
  definitionTypeName,
  fieldName,
  groupVersionPrefix,
  isEnumValueName,
  kindTypeName,
  namesOf,
} from '../../../src/mapping/names/naming.ts';
import { nameFields } from '../../../src/mapping/names/shape-names.ts';
import { stubResource } from '../support/stub-resources.ts';

/** The names of a resource's fields. */
function names(kind: string, plural: string, group = '', version = 'v1') {
  const resource = { ...stubResource({ group, version, kind, plural }), resource: plural };
  const { short, qualified } = namesOf(resource, groupVersionPrefix(resource), new Set());
  return { short, qualified };
}

describe('a root field is named by discovery, in the capitals of the kind', () => {
  it.each([
    ['Pod', 'pods', 'pods', 'pod'],
    ['ReplicaSet', 'replicasets', 'replicaSets', 'replicaSet'],
    ['NetworkPolicy', 'networkpolicies', 'networkPolicies', 'networkPolicy'],
    ['Ingress', 'ingresses', 'ingresses', 'ingress'],
    ['EndpointSlice', 'endpointslices', 'endpointSlices', 'endpointSlice'],
    ['Endpoints', 'endpoints', 'endpoints', 'endpointsByName'],
    ['CSINode', 'csinodes', 'csiNodes', 'csiNode'],
    ['CSIStorageCapacity', 'csistoragecapacities', 'csiStorageCapacities', 'csiStorageCapacity'],
    ['IPAddress', 'ipaddresses', 'ipAddresses', 'ipAddress'],
    ['APIService', 'apiservices', 'apiServices', 'apiService'],
    ['VPC', 'vpcs', 'vpcs', 'vpc'],
    ['PodMetrics', 'pods', 'pods', 'podMetrics'],
    ['Sheep', 'sheep', 'sheep', 'sheepByName'],
    ['HTTPRoute', 'httproutes', 'httpRoutes', 'httpRoute'],
    ['Postgresql', 'postgresqls', 'postgresqls', 'postgresql'],
    ['Foo', 'strange-plural', 'strange_plural', 'foo'],
  ])('%s, %s: %s and %s', (kind, plural, list, get) => {
    const { short } = names(kind, plural);
    expect([short.list, short.get]).toEqual([list, get]);
  });

  it.each([
    ['Pod', 'pods', '', 'v1', 'coreV1Pods', 'coreV1Pod'],
    ['Deployment', 'deployments', 'apps', 'v1', 'appsV1Deployments', 'appsV1Deployment'],
    ['Ingress', 'ingresses', 'networking.k8s.io', 'v1', 'networkingV1Ingresses', 'networkingV1Ingress'],
    [
      'Role',
      'roles',
      'rbac.authorization.k8s.io',
      'v1',
      'rbacAuthorizationV1Roles',
      'rbacAuthorizationV1Role',
    ],
    [
      'FlowSchema',
      'flowschemas',
      'flowcontrol.apiserver.k8s.io',
      'v1beta3',
      'flowcontrolApiserverV1beta3FlowSchemas',
      'flowcontrolApiserverV1beta3FlowSchema',
    ],
    [
      'Certificate',
      'certificates',
      'cert-manager.io',
      'v1',
      'certManagerIoV1Certificates',
      'certManagerIoV1Certificate',
    ],
    ['Endpoints', 'endpoints', '', 'v1', 'coreV1Endpoints', 'coreV1EndpointsByName'],
    ['CSINode', 'csinodes', 'storage.k8s.io', 'v1', 'storageV1CSINodes', 'storageV1CSINode'],
    [
      'App',
      'apps',
      '4thline.example.com',
      'v2alpha1',
      '_4thlineExampleComV2alpha1Apps',
      '_4thlineExampleComV2alpha1App',
    ],
  ])('%s, %s in %s/%s: %s and %s', (kind, plural, group, version, list, get) => {
    const { qualified } = names(kind, plural, group, version);
    expect([qualified.list, qualified.get]).toEqual([list, get]);
  });

  it('names live queries by the plural, and gives way to another resource that is called so', () => {
    const { short, qualified } = names('NetworkPolicy', 'networkpolicies', 'networking.k8s.io');
    expect([short.live, qualified.live]).toEqual(['networkPoliciesLive', 'networkingV1NetworkPoliciesLive']);
    const pods = { ...stubResource({ kind: 'Pod', plural: 'pods' }), resource: 'pods' };
    const beside = namesOf(pods, 'ExampleComV1', new Set(['Pods', 'PodsLive']));
    expect([beside.short.live, beside.qualified.live]).toEqual(['podsLive_', 'exampleComV1PodsLive_']);
  });

  it('names mutations by the kind, and the deletion of one apart from that of many', () => {
    expect(names('NetworkPolicy', 'networkpolicies').short).toMatchObject({
      create: 'createNetworkPolicy',
      replace: 'replaceNetworkPolicy',
      patch: 'patchNetworkPolicy',
      apply: 'applyNetworkPolicy',
      delete: 'deleteNetworkPolicy',
      deleteCollection: 'deleteNetworkPolicies',
    });
    expect(names('Endpoints', 'endpoints').short).toMatchObject({
      delete: 'deleteEndpointsByName',
      deleteCollection: 'deleteEndpoints',
    });
    expect(names('Deployment', 'deployments', 'apps').qualified.create).toBe('createAppsV1Deployment');
  });
});

describe('a type is named by', () => {
  it.each([
    ['its group, version and kind', { group: '', version: 'v1', kind: 'Pod' }, 'CoreV1Pod'],
    [
      'its whole group',
      { group: 'cert-manager.io', version: 'v1', kind: 'Certificate' },
      'CertManagerIoV1Certificate',
    ],
    [
      'its group without k8s.io',
      { group: 'snapshot.storage.k8s.io', version: 'v1', kind: 'VolumeSnapshot' },
      'SnapshotStorageV1VolumeSnapshot',
    ],
  ])('%s', (_, of, name) => {
    expect(kindTypeName(of)).toBe(name);
  });

  it.each([
    ['io.k8s.api.core.v1.PodSpec', 'CoreV1PodSpec'],
    ['io.k8s.api.rbac.v1.PolicyRule', 'RbacAuthorizationV1PolicyRule'],
    ['io.k8s.api.flowcontrol.v1.Subject', 'FlowcontrolApiserverV1Subject'],
    ['io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector', 'LabelSelector'],
    ['io.k8s.apimachinery.pkg.runtime.RawExtension', 'RawExtension'],
    [
      'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.ServiceReference',
      'ApiregistrationV1ServiceReference',
    ],
    [
      'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps',
      'ApiextensionsV1JSONSchemaProps',
    ],
    ['com.example.odd-thing.Shared', 'ComExampleOddThingShared'],
  ])('its definition: %s', (definition, name) => {
    expect(definitionTypeName(definition)).toBe(name);
  });

  it('the same prefix as its root fields', () => {
    expect(groupVersionPrefix({ group: 'networking.k8s.io', version: 'v1' })).toBe('NetworkingV1');
  });
});

describe("a field's name is Kubernetes' own", () => {
  it.each([
    ['nodeName', 'nodeName'],
    ['hostIP', 'hostIP'],
    ['$ref', '_ref'],
    ['x-kubernetes-preserve-unknown-fields', 'x_kubernetes_preserve_unknown_fields'],
    ['cephfs-mirror', 'cephfs_mirror'],
    ['a.b/c', 'a_b_c'],
    ['2fast', '_2fast'],
    ['__typename', '_typename'],
    ['___x', '_x'],
    ['', '_'],
    ['größe', 'gr__e'],
  ])('%j as %s', (key, name) => {
    expect(fieldName(key)).toBe(name);
  });

  it('and a legal one keeps it, whoever else would like it', () => {
    const fields = nameFields(['some-key', 'some_key', 'some.key'], new Set());
    expect(Object.fromEntries(fields)).toEqual({
      some_key: 'some_key',
      'some-key': 'some_key_',
      'some.key': 'some_key__',
    });
  });

  it("but not one that is the object's own", () => {
    expect(Object.fromEntries(nameFields(['id', 'spec'], new Set(['id'])))).toEqual({
      id: 'id_',
      spec: 'spec',
    });
  });
});

it.each([
  ['TCP', true],
  ['', false],
  ['read-write', false],
  ['true', false],
  ['null', false],
  ['__secret', false],
  ['1st', false],
  ['kubernetes.io/tls', false],
])('an enum value that is a GraphQL name: %j %s', (value, isName) => {
  expect(isEnumValueName(value)).toBe(isName);
});
