import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../demo/api/object.ts';
import { parseFieldSelector } from '../../../../demo/verbs/field-selector.ts';
import { parseLabelSelector } from '../../../../demo/verbs/label-selector.ts';
import { RESOURCES } from './resources.ts';

const LABELS = { app: 'web', tier: 'front', weight: '10', empty: '' };

describe('label selectors', () => {
  it.each([
    ['', true],
    ['app=web', true],
    ['app==web', true],
    ['app = web', true],
    ['app=api', false],
    ['app!=api', true],
    ['app!=web', false],
    ['missing!=web', true],
    ['app in (api, web)', true],
    ['app in (api)', false],
    ['missing in (a)', false],
    ['app notin (api)', true],
    ['app notin (web)', false],
    ['missing notin (a)', true],
    ['app', true],
    ['missing', false],
    ['!missing', true],
    ['!app', false],
    ['weight>9', true],
    ['weight>10', false],
    ['weight<11', true],
    ['app>1', false],
    ['app=web,tier=front', true],
    ['app=web,tier=back', false],
    ['empty=', true],
    ['empty in ()', true],
    ['app in (,web)', true],
    ['in', false],
    ['app=in', false],
  ])('%j: %s', (text, expected) => {
    expect(parseLabelSelector(text).matches(LABELS)).toBe(expected);
  });

  it('is empty when it requires nothing', () => {
    expect(parseLabelSelector('').isEmpty).toBe(true);
    expect(parseLabelSelector('a').isEmpty).toBe(false);
  });

  it('takes labels from nowhere but the object itself', () => {
    expect(parseLabelSelector('constructor').matches({})).toBe(false);
  });

  const start = 'unable to parse requirement: ';
  it.each([
    ['a in (b', `${start}found '', expected: ',' or ')'`],
    ['a in b', `${start}found 'b' expected: '('`],
    ['=x', "found '=', expected: !, identifier, or 'end of string'"],
    ['a b', `${start}found 'b', expected: in, notin, =, ==, !=, gt, lt`],
    ['a==b==c', "found '==', expected: ',' or 'end of string'"],
    ['a>x', `${start}values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer`],
    ['!a=b', "found '=', expected: ',' or 'end of string'"],
    ['a,', "found '', expected: identifier after ','"],
    ['a=(b)', `${start}found '(', expected: identifier`],
    ['a in (!)', `${start}found '!', expected: ',', ')' or identifier`],
    ['!', `${start}found '', expected: identifier`],
    [
      `a=${'b'.repeat(64)}`,
      `${start}values[0][a]: Invalid value: "${'b'.repeat(64)}": must be no more than 63 bytes`,
    ],
  ])('%j is refused with the words of the real server', (text, message) => {
    expect(() => parseLabelSelector(text)).toThrow(expect.objectContaining({ code: 400, message }));
  });

  it('checks keys and values by the rules for labels', () => {
    expect(() => parseLabelSelector('a/b/c=d')).toThrow('a valid label key must consist of');
    expect(() => parseLabelSelector('A_=d')).toThrow('<nil>: Invalid value: "A_": name part must consist of');
    expect(() => parseLabelSelector('a=_x')).toThrow(
      'values[0][a]: Invalid value: "_x": a valid label must be',
    );
  });
});

function resourceNamed(name: string): (typeof RESOURCES)[number] {
  const resource = RESOURCES.find((each) => each.resource === name);
  if (resource === undefined) throw new Error(`no resource ${name}`);
  return resource;
}

function matches(selector: string, resource: string, object: object): boolean {
  const whole = { metadata: { name: 'x', namespace: 'demo' }, ...object } as KubeObject;
  return parseFieldSelector(selector, resourceNamed(resource)).matches(whole);
}

describe('field selectors', () => {
  it.each([
    ['', true],
    ['metadata.name=x', true],
    ['metadata.name==x', true],
    ['metadata.name!=x', false],
    ['metadata.namespace=demo,metadata.name=x', true],
    [',metadata.name=x,', true],
    ['status.phase=Running', true],
    ['status.phase=', false],
    ['spec.nodeName=', true],
    ['spec.hostNetwork=false', true],
  ])('%j: %s', (selector, expected) => {
    expect(matches(selector, 'pods', { kind: 'Pod', status: { phase: 'Running' } })).toBe(expected);
  });

  it('looks where the value is, not always where the name says', () => {
    expect(matches('status.successful=2', 'jobs', { kind: 'Job', status: { succeeded: 2 } })).toBe(true);
    expect(matches('status.successful=0', 'jobs', { kind: 'Job' })).toBe(true);
  });

  it('reads the fields that a definition offers', () => {
    expect(matches('spec.size=m', 'widgets', { kind: 'Widget', spec: { size: 'm' } })).toBe(true);
    expect(matches('spec.size=', 'widgets', { kind: 'Widget' })).toBe(true);
  });

  it('unescapes commas, equals signs and backslashes', () => {
    const object = { kind: 'Event', reason: 'a,b=c\\d' };
    expect(matches(String.raw`reason=a\,b\=c\\d`, 'events', object)).toBe(true);
  });

  it.each([
    [
      'configmaps',
      'spec.foo=1',
      '"spec.foo" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    ['pods', 'spec.foo=1', 'field label not supported: spec.foo'],
    ['widgets', 'spec.foo=1', 'field label not supported: spec.foo'],
    ['jobs', 'spec.foo=1', 'field label "spec.foo" not supported for Job'],
    ['namespaces', 'metadata.namespace=1', 'field label not supported: metadata.namespace'],
    ['planets', 'metadata.namespace=1', 'field label not supported: metadata.namespace'],
    ['configmaps', 'metadata.name', "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
    ['configmaps', 'metadata.name=a=b', 'invalid field selector: unescaped character in value: 61'],
    [
      'configmaps',
      String.raw`metadata.name=a\x`,
      String.raw`invalid field selector: invalid escape sequence: \x`,
    ],
  ])('on %s, %j is refused with the words of the real server', (resource, selector, message) => {
    expect(() => parseFieldSelector(selector, resourceNamed(resource))).toThrow(
      expect.objectContaining({ code: 400, message }),
    );
  });

  it('takes the namespace on a cluster-wide kind without fields of its own, where it matches nothing', () => {
    expect(
      matches('metadata.namespace=demo', 'clusterroles', { kind: 'ClusterRole', metadata: { name: 'x' } }),
    ).toBe(false);
  });
});
