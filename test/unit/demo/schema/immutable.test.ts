import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../../demo/api/object.ts';
import { errorsOf, prepareText } from './support.ts';

const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };

function prepared(apiVersion: string, kind: string, members: object): KubeObject {
  const text = JSON.stringify({ metadata: { name: 'a', namespace: 'default' }, ...members });
  return prepareText(apiVersion, kind, text).object;
}

/** The fields with which a change is refused. */
function refused(apiVersion: string, kind: string, live: object, next: object): readonly string[] {
  const errors = errorsOf(prepared(apiVersion, kind, next), prepared(apiVersion, kind, live));
  return errors.map(({ field, message }) => `${field}: ${message}`);
}

describe('what may not be changed', () => {
  test("a deployment's selector", () => {
    const spec = { selector: { matchLabels: { a: 'b' } }, template };
    const matchExpressions = [{ key: 'a', operator: 'Exists' }];
    expect(
      refused('apps/v1', 'Deployment', { spec }, { spec: { ...spec, selector: { matchExpressions } } }),
    ).toEqual([`spec.selector: Invalid value: ${JSON.stringify({ matchExpressions })}: field is immutable`]);
  });

  test("most of a stateful set's spec", () => {
    const spec = { selector: { matchLabels: { a: 'b' } }, template, serviceName: 'x' };
    expect(refused('apps/v1', 'StatefulSet', { spec }, { spec: { ...spec, replicas: 3 } })).toEqual([]);
    expect(refused('apps/v1', 'StatefulSet', { spec }, { spec: { ...spec, serviceName: 'y' } })).toEqual([
      expect.stringMatching(/^spec: Forbidden: updates to statefulset spec for fields other than 'replicas'/),
    ]);
  });

  test("a pod's spec, but for its images", () => {
    const spec = { containers: [{ name: 'c', image: 'i' }] };
    const other = { containers: [{ name: 'c', image: 'j' }] };
    expect(refused('v1', 'Pod', { spec }, { spec: other })).toEqual([]);
    expect(refused('v1', 'Pod', { spec }, { spec: { ...spec, hostNetwork: true } })).toEqual([
      expect.stringMatching(/^spec: Forbidden: pod updates may not change fields other than/),
    ]);
    expect(
      refused(
        'v1',
        'Pod',
        { spec },
        { spec: { containers: [...spec.containers, { name: 'd', image: 'i' }] } },
      ),
    ).toEqual(['spec.containers: Forbidden: pod updates may not add or remove containers']);
  });

  test('what is marked immutable, and the mark', () => {
    const live = { immutable: true, data: { a: '1' } };
    const rule = 'Forbidden: field is immutable when `immutable` is set';
    expect(refused('v1', 'ConfigMap', live, { data: { a: '2' } })).toEqual([
      `immutable: ${rule}`,
      `data: ${rule}`,
    ]);
  });

  test("a binding's role and a secret's type", () => {
    const role = (name: string): object => ({ roleRef: { kind: 'Role', name } });
    expect(refused('rbac.authorization.k8s.io/v1', 'RoleBinding', role('x'), role('y'))).toEqual([
      'roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"Role","Name":"y"}: cannot change roleRef',
    ]);
    expect(refused('v1', 'Secret', {}, { type: 'x' })).toEqual([
      'type: Invalid value: "x": field is immutable',
    ]);
  });

  test("a service's address", () => {
    const spec = { ports: [{ port: 80 }], clusterIP: '10.96.0.7' };
    expect(refused('v1', 'Service', { spec }, { spec: { ...spec, clusterIP: '10.96.0.8' } })).toEqual([
      'spec.clusterIPs[0]: Invalid value: ["10.96.0.8"]: may not change once set',
    ]);
  });
});
