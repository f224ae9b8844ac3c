import { describe, expect, it } from 'vitest';
import { parseForwardTarget, targetPath } from '../../../src/ports/forward-target.ts';
import { parsePortPair } from '../../../src/ports/port-pair.ts';

describe('a pair of ports', () => {
  it.each([
    ['8080:80', 8080, 80],
    ['80', 80, 80],
    [':80', 0, 80],
    ['0:80', 0, 80],
    ['65535:1', 65_535, 1],
    ['https', 0, 'https'],
    ['8443:https', 8443, 'https'],
    [':a-1', 0, 'a-1'],
    ['80:1st', 80, '1st'],
  ])('%s', (text, local, remote) => {
    expect(parsePortPair(text)).toEqual({ local, remote });
  });

  it.each([
    '',
    ':',
    '0',
    '8080:',
    '8080:0',
    '65536',
    '80:65536',
    '-1',
    '1:2:3',
    '80 ',
    '+80',
    '080x:1',
    'HTTP',
    'a_b',
    '-a',
    'a-',
    'https:80',
    'abcdefghijklmnop',
  ])('is none: %j', (text) => {
    expect(parsePortPair(text)).toBeUndefined();
  });
});

describe('what is forwarded to', () => {
  it.each([
    ['web-0', '/api/v1/namespaces/a/pods/web-0'],
    ['pod/web.0', '/api/v1/namespaces/a/pods/web.0'],
    ['po/web', '/api/v1/namespaces/a/pods/web'],
    ['svc/web', '/api/v1/namespaces/a/services/web'],
    ['service/web', '/api/v1/namespaces/a/services/web'],
    ['Deployment/web', '/apis/apps/v1/namespaces/a/deployments/web'],
    ['deploy/web', '/apis/apps/v1/namespaces/a/deployments/web'],
    ['rs/web', '/apis/apps/v1/namespaces/a/replicasets/web'],
    ['sts/web', '/apis/apps/v1/namespaces/a/statefulsets/web'],
  ])('%s', (text, path) => {
    const target = parseForwardTarget(text);
    expect(target && targetPath('a', target)).toBe(path);
  });

  it.each([
    '',
    '/',
    'pod/',
    '/web',
    'a/b/c',
    'node/n',
    'Web',
    '..',
    'pod/..',
    'a%2fb',
    '__proto__/a',
    'constructor/a',
  ])('is none: %j', (text) => {
    expect(parseForwardTarget(text)).toBeUndefined();
  });
});
