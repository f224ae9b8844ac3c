import { describe, expect, it } from 'vitest';
import type { Tunnel } from '../../../../src/cluster/raw.ts';
import { isRawRead } from '../../../../src/cluster/transport/raw/call.ts';
import { rawTarget } from '../../../../src/cluster/transport/raw/target.ts';
import type { KubegraphError } from '../../../../src/errors/kubegraph-error.ts';

const ALL = new Set<Tunnel>(['attach', 'exec', 'portforward', 'proxy']);
const POD = '/api/v1/namespaces/a/pods/b';
const SERVICE = '/api/v1/namespaces/a/services/http:web:80/proxy';

function codeOf(target: string, ...tunnels: Tunnel[]): string {
  try {
    rawTarget('', target, new Set(tunnels));
    return 'passed';
  } catch (error) {
    return (error as KubegraphError).code;
  }
}

describe('a target', () => {
  it.each([
    '/',
    '/api',
    '/apis/',
    '/version',
    `${POD}/log?follow=true&container=c`,
    '/api/v1/pods?labelSelector=a%3Db&labelSelector=c',
    '/openapi/v3/apis/apps/v1?hash=0%2F1',
    '/api/v1/namespaces/a/configmaps/x:y~z',
    '/readyz?verbose&exclude=etcd',
    '/api/v1/pods?',
  ])('is sent byte for byte: %s', (target) => {
    expect(rawTarget('/prefix', target, new Set())).toBe(`/prefix${target}`);
  });

  it.each([
    'api',
    '',
    '*',
    'http://elsewhere/api',
    '//elsewhere/api',
    '/api//v1',
    '/api/v1/pods/',
    '/api/v1/../v1/pods',
    '/api/v1/.',
    '/api/v1/%2e%2e/pods',
    '/api/v1/%2E./pods',
    '/api/v1/namespaces%2Fa',
    '/api/v1/%5c..',
    '/api/v1/pods%00',
    '/api/v1\\pods',
    '/api/v1/pods a',
    '/api/v1/pods\r\nx: y',
    '/api/v1/pods#x',
    '/api/v1/pods?a=b c',
    '/api/v1/pods?a=b\r\nx: y',
    '/api/v1/pods?a#b',
    '/api/v1/p%',
    '/api/v1/p%zz',
    '/api/v1/pödel',
    `/${'a'.repeat(70_000)}`,
  ])('is refused where it does not mean what it seems to: %j', (target) => {
    expect(codeOf(target, ...ALL)).toBe('BAD_USER_INPUT');
  });
});

describe('a tunnel', () => {
  it.each([
    ['exec', `${POD}/exec?command=ls`],
    ['exec', `${POD}/%65xec`],
    ['exec', `/api/v1/namespaces/a/%70ods/b/ex%65c`],
    ['attach', `${POD}/attach`],
    ['portforward', `${POD}/portforward?ports=80`],
    ['proxy', `${POD}/proxy/x`],
    ['proxy', `${POD}/proxy`],
    ['proxy', `${SERVICE}/`],
    ['proxy', '/api/v1/nodes/n/proxy/pods'],
    ['proxy', '/api/v1/nodes/n/%70roxy'],
  ] as const)('%s is open only for whoever may go through it: %s', (tunnel, target) => {
    expect(codeOf(target)).toBe('BAD_USER_INPUT');
    const others = [...ALL].filter((other) => other !== tunnel);
    expect(codeOf(target, ...others)).toBe('BAD_USER_INPUT');
    expect(codeOf(target, tunnel)).toBe('passed');
  });

  it.each(['/api/v1/proxy/nodes/n', '/api/v1/redirect/namespaces/a/pods/b'])(
    'of the old kind is never open: %s',
    (target) => expect(codeOf(target, ...ALL)).toBe('BAD_USER_INPUT'),
  );

  it("has a service's own path behind it, which only must not leave its place", () => {
    for (const path of ['/a//b/', '/a%2Fb', '/?q=%2e%2e', '/exec', '/a;b=c'])
      expect(codeOf(SERVICE + path, 'proxy')).toBe('passed');
    for (const path of [
      '/../x',
      '/a/%2e%2E/b',
      '/a/..',
      '/x%2f..%2fy',
      '/..%2Fx',
      '/x%5C..',
      '/a b',
      '/a\\b',
    ])
      expect(codeOf(SERVICE + path, 'proxy')).toBe('BAD_USER_INPUT');
  });
});

describe('what leaves the cluster as it is', () => {
  it.each([
    ['GET', '/api/v1/pods?watch=true', true],
    ['HEAD', '/api/v1/pods', true],
    ['OPTIONS', '/api', true],
    ['POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', true],
    ['POST', '/api/v1/namespaces/a/pods', false],
    ['DELETE', POD, false],
    ['PATCH', POD, false],
    ['PUT', POD, false],
    ['GET', `${POD}/exec?command=ls`, false],
    ['GET', `${POD}/%65xec`, false],
    ['GET', `${POD}/portforward`, false],
    ['GET', `${SERVICE}/shutdown`, false],
    ['HEAD', `${SERVICE}/`, false],
  ] as const)('%s %s: %s', (method, target, expected) => {
    expect(isRawRead({ method, target })).toBe(expected);
  });
});
