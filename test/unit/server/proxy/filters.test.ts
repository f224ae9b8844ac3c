import { describe, expect, it } from 'vitest';
import { ALL_TUNNELS, recordedProxy, type RecordedProxyOptions } from './support/recorded-proxy.ts';

/** The status of a request, and what has reached the API server. */
async function outcome(
  options: RecordedProxyOptions,
  path: string,
  method = 'GET',
): Promise<readonly unknown[]> {
  const { api, send } = await recordedProxy({ tunnels: ALL_TUNNELS, ...options });
  const answer = await send(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  return [
    Number(answer.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)),
    ...api.recorded.map(({ line }) => line),
  ];
}

describe('the filter', () => {
  it('takes the paths that are accepted and not rejected', async () => {
    const filter = { acceptPaths: '^/api/,^/version$', rejectPaths: 'secrets' };
    expect(await outcome({ filter }, '/version')).toEqual([200, 'GET /version']);
    expect(await outcome({ filter }, '/version?x=secrets')).toEqual([200, 'GET /version?x=secrets']);
    expect(await outcome({ filter }, '/apis')).toEqual([403]);
    expect(await outcome({ filter }, '/api/v1/secrets')).toEqual([403]);
    expect(await outcome({ filter }, '/api/v1/%73ecrets')).toEqual([403]);
    expect(await outcome({ filter }, '/%61pi/v1/pods')).toEqual([403]);
  });

  it('takes the methods that are not rejected', async () => {
    const filter = { rejectMethods: 'POST,PUT,PATCH,DELETE' };
    expect(await outcome({ filter }, '/api/v1/namespaces/a', 'DELETE')).toEqual([403]);
    expect(await outcome({ filter }, '/api/v1/namespaces/a')).toEqual([200, 'GET /api/v1/namespaces/a']);
  });

  it('lets services pass where their paths are not rejected', async () => {
    const path = '/api/v1/namespaces/shop/services/web/proxy/a%2Fb//c/';
    expect(await outcome({ filter: { rejectPaths: '^$' } }, path)).toEqual([200, `GET ${path}`]);
    expect(await outcome({ filter: 'none' }, path)).toEqual([200, `GET ${path}`]);
    expect(await outcome({}, path)).toEqual([403]);
  });
});

describe('a prefix', () => {
  it.each([
    ['/k8s/', '/k8s/api/v1/pods?limit=1', [200, 'GET /api/v1/pods?limit=1']],
    ['/k8s/', '/k8s/', [200, 'GET /']],
    ['/k8s/', '/api', [404]],
    ['/k8s/', '/k8s', [404]],
    ['/k8s/', '/k8s2/api', [404]],
    ['/k8s/', '/k8s/../api', [400]],
    ['/k8s/', '/k8s//api', [400]],
    ['/k8s/', '/k8s/api/v1/namespaces/shop/pods/web/exec', [403]],
    ['/k8s-api/', '/k8s-api/api', [200, 'GET /api']],
    // kubectl takes this for a part of the API.
    ['/api/', '/api/v1/pods', [200, 'GET /api/v1/pods']],
    ['/api/', '/apis/apps', [404]],
    ['/apis/batch/', '/apis/batch/v1', [200, 'GET /apis/batch/v1']],
  ])('%s: %s', async (apiPrefix, path, expected) => {
    expect(await outcome({ apiPrefix }, path)).toEqual(expected);
  });
});
