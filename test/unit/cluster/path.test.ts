import { describe, expect, test } from 'vitest';
import { requestTarget } from '../../../src/cluster/transport/path.ts';

describe('the request target', () => {
  test.each<[string, string, Record<string, string | undefined> | undefined, string]>([
    ['', '/api/v1/pods', undefined, '/api/v1/pods'],
    ['/prefix', '/api', undefined, '/prefix/api'],
    ['', '/api', { a: undefined }, '/api'],
    ['', '/api', { labelSelector: 'a in (b,c)', limit: '1' }, '/api?labelSelector=a+in+%28b%2Cc%29&limit=1'],
    ['', '/api', { x: 'a&b=c#d?\r\n' }, '/api?x=a%26b%3Dc%23d%3F%0D%0A'],
    [
      '',
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/system:node',
      undefined,
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/system:node',
    ],
    ['', '/api/v1/namespaces/a/pods/b%20c', undefined, '/api/v1/namespaces/a/pods/b%20c'],
    ['', '/', undefined, '/'],
    ['', '/readyz', { verbose: '' }, '/readyz?verbose='],
  ])('of prefix "%s", %s and %j is %s', (prefix, path, query, target) => {
    expect(requestTarget(prefix, path, query)).toBe(target);
  });

  test.each([
    ['', 'must start with "/"'],
    ['api', 'must start with "/"'],
    ['https://evil.example/api', 'must start with "/"'],
    ['/api?x=1', 'must be legal'],
    ['/api#x', 'must be legal'],
    ['/api/v1/pods/a b', 'must be legal'],
    ['/api/v1/pods/ä', 'must be legal'],
    ['/api\r\nX-Remote-User: admin', 'must be legal'],
    ['/api/v1/pods/%zz', 'must be legal'],
    ['/api/v1/pods/a\\b', 'must be legal'],
    ['/api/v1/../v2', '"."'],
    ['/api/..', '"."'],
    ['/api/v1/./pods', '"."'],
    ['/api/%2e%2E/secrets', '"."'],
    ['/api/.%2e/secrets', '"."'],
    ['/api/v1/pods/a%2Flog', 'encoded slash'],
    ['/api/v1/pods/a%5c', 'encoded slash'],
    ['/api/v1/pods/a%00', 'encoded slash'],
    ['//evil.example/api', 'empty segment'],
    ['/api/v1/namespaces//pods', 'empty segment'],
    ['/api/v1/namespaces/a/pods/', 'ends with "/"'],
    ['/apis/apps/v1/deployments/', 'ends with "/"'],
    ['/api/v1/namespaces/a/pods/b/proxy', 'tunnel'],
    ['/api/v1/namespaces/a/pods/b/proxy/metrics', 'tunnel'],
    ['/api/v1/namespaces/a/services/https:b:443/proxy/', 'ends with "/"'],
    ['/api/v1/namespaces/a/services/https:b:443/proxy/x', 'tunnel'],
    ['/api/v1/nodes/n/proxy/configz', 'tunnel'],
    ['/api/v1/namespaces/a/pods/b/exec', 'tunnel'],
    ['/api/v1/namespaces/a/pods/b/attach', 'tunnel'],
    ['/api/v1/namespaces/a/pods/b/portforward', 'tunnel'],
    ['/api/v1/proxy/nodes/n', 'tunnel'],
  ])('is refused for %j', (path, message) => {
    expect(() => requestTarget('', path)).toThrow(message);
  });

  test.each([
    '/api/v1/namespaces/a/pods/exec',
    '/api/v1/namespaces/proxy/pods',
    '/api/v1/namespaces/a/configmaps/b...c',
  ])('is not refused for the honest name in %s', (path) => {
    expect(requestTarget('', path)).toBe(path);
  });
});
