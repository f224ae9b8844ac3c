import { describe, expect, it } from 'vitest';
import { watchAttributes } from '../../../src/watch/permission/attributes.ts';

describe('what is asked about a watch', () => {
  it.each([
    ['/api/v1/pods', { group: '', version: 'v1', resource: 'pods' }],
    ['/api/v1/namespaces', { group: '', version: 'v1', resource: 'namespaces' }],
    ['/api/v1/namespaces/default/pods', { group: '', version: 'v1', resource: 'pods', namespace: 'default' }],
    ['/apis/apps/v1/deployments', { group: 'apps', version: 'v1', resource: 'deployments' }],
    [
      '/apis/cert-manager.io/v1/namespaces/a%2Fb/certificates',
      { group: 'cert-manager.io', version: 'v1', resource: 'certificates', namespace: 'a/b' },
    ],
  ])('is the collection of %s', (path, expected) => {
    expect(watchAttributes({ path })).toEqual({ verb: 'watch', ...expected });
  });

  it.each([
    '/',
    '/version',
    '/api/v1',
    '/apis/apps',
    '/apis/apps/v1',
    '/api/v1/namespaces/a/pods/b',
    '/other/v1/pods',
  ])('is nothing for %s, which is no collection', (path) => {
    expect(watchAttributes({ path })).toBeUndefined();
  });

  it.each([
    ['metadata.name=a', 'a'],
    ['metadata.name==a', 'a'],
    ['spec.nodeName=n,metadata.name=a', 'a'],
    ['metadata.name!=a', undefined],
    ['metadata.namespace=a', undefined],
    ['spec.x=metadata.name=a', undefined],
    ['metadata.name=', undefined],
  ])('is the one object that %s pins', (fieldSelector, name) => {
    expect(watchAttributes({ path: '/api/v1/pods', fieldSelector })?.name).toBe(name);
  });

  it('has the selectors as they are, which newer servers ask for', () => {
    const scope = { path: '/api/v1/pods', labelSelector: 'app in (a,b)', fieldSelector: 'spec.nodeName=n' };
    expect(watchAttributes(scope)).toMatchObject({
      labelSelector: { rawSelector: 'app in (a,b)' },
      fieldSelector: { rawSelector: 'spec.nodeName=n' },
    });
  });
});
