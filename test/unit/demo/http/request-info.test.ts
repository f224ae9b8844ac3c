import { describe, expect, test } from 'vitest';
import { requestInfo } from '../../../../demo/http/request-info.ts';

function read(method: string, target: string): Readonly<Record<string, unknown>> {
  const { pathname, searchParams } = new URL(target, 'https://localhost');
  return { ...requestInfo(method, pathname, searchParams) };
}

test.each([
  [
    'GET',
    '/api/v1/pods',
    { verb: 'list', group: '', version: 'v1', resource: 'pods', namespace: '', name: '' },
  ],
  [
    'GET',
    '/api/v1/namespaces/a/pods/p',
    { verb: 'get', resource: 'pods', namespace: 'a', name: 'p', isNamed: true },
  ],
  [
    'POST',
    '/apis/apps/v1/namespaces/a/deployments',
    { verb: 'create', group: 'apps', resource: 'deployments' },
  ],
  ['PUT', '/api/v1/nodes/n', { verb: 'update', resource: 'nodes', namespace: '', name: 'n' }],
  ['PATCH', '/api/v1/namespaces/a/pods/p/status', { verb: 'patch', subresource: 'status' }],
  ['DELETE', '/api/v1/namespaces/a/pods', { verb: 'deletecollection', resource: 'pods' }],
  ['DELETE', '/api/v1/namespaces/a/pods/p', { verb: 'delete', name: 'p' }],
  ['OPTIONS', '/api/v1/pods', { verb: '' }],
  ['GET', '/api/v1/watch/namespaces/a/pods', { verb: 'watch', resource: 'pods', namespace: 'a' }],
])('%s %s', (method, target, expected) => {
  expect(read(method, target)).toMatchObject({ kind: 'resource', ...expected });
});

describe('namespaces are objects and places', () => {
  test.each([
    ['/api/v1/namespaces', { resource: 'namespaces', namespace: '', name: '', verb: 'list' }],
    ['/api/v1/namespaces/a', { resource: 'namespaces', namespace: 'a', name: 'a', verb: 'get' }],
    [
      '/api/v1/namespaces/a/status',
      { resource: 'namespaces', namespace: 'a', name: 'a', subresource: 'status' },
    ],
    ['/api/v1/namespaces/a/finalize', { resource: 'namespaces', subresource: 'finalize' }],
    ['/api/v1/namespaces/a/pods', { resource: 'pods', namespace: 'a', name: '' }],
  ])('%s', (target, expected) => {
    expect(read('GET', target)).toMatchObject(expected);
  });
});

describe('a watch is what says so', () => {
  test.each([
    ['watch=1', 'watch'],
    ['watch=true', 'watch'],
    ['watch=foo', 'watch'],
    ['watch=', 'watch'],
    ['watch=false', 'list'],
    ['watch=0', 'list'],
    ['', 'list'],
  ])('?%s is a %s', (query, verb) => {
    expect(read('GET', `/api/v1/pods?${query}`)['verb']).toBe(verb);
  });

  test('but not of a single object', () => {
    expect(read('GET', '/api/v1/namespaces/a/pods/p?watch=1')['verb']).toBe('get');
  });
});

test('a field selector of one name counts as that name for access, and still asks for a collection', () => {
  const info = read('GET', '/api/v1/pods?watch=1&fieldSelector=spec.nodeName%3Dn,metadata.name%3Dp');
  expect(info).toMatchObject({ verb: 'watch', name: 'p', isNamed: false });
});

test.each([
  '/',
  '/version',
  '/api',
  '/api/v1',
  '/apis',
  '/apis/apps',
  '/apis/apps/v1',
  '/healthz/ping',
  '/foo/bar/baz/qux',
])('%s is a path, not a resource', (path) => {
  expect(read('GET', path)).toEqual({ kind: 'path', verb: 'get', path });
});
