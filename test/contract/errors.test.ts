import { describe, expect, it } from 'vitest';
import { at } from '../real/support/exact-json.ts';
import { admin, apiAs, nobody, viewer } from './support/api.ts';
import { newNamespace } from './support/namespace.ts';
import { configMap, created } from './support/objects.ts';
import { newWidgets } from './support/widgets.ts';

const widgets = await newWidgets();
const namespace = await newNamespace();
const MAPS = `/api/v1/namespaces/${namespace}/configmaps`;
await created(MAPS, configMap('a'));

function failure(code: number, reason: string, message: string, details?: object): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(details && { details }),
    code,
  };
}

describe('what is not there', () => {
  it('is 404 with its name, for an object', async () => {
    expect((await admin.get(`${MAPS}/missing`)).json).toEqual(
      failure(404, 'NotFound', 'configmaps "missing" not found', { name: 'missing', kind: 'configmaps' }),
    );
    expect((await admin.get(`/apis/apps/v1/namespaces/${namespace}/deployments/missing`)).json).toEqual(
      failure(404, 'NotFound', 'deployments.apps "missing" not found', {
        name: 'missing',
        group: 'apps',
        kind: 'deployments',
      }),
    );
  });

  it.each([
    ['a resource of a built-in group', '/apis/apps/v1/nonsense'],
    ['a resource of the core group', '/api/v1/nonsense'],
    ['a version of a built-in group', '/apis/apps/v9/deployments'],
    ['a subresource', `${MAPS}/a/nonsense`],
    ['a cluster-wide kind in a namespace', `/api/v1/namespaces/${namespace}/nodes`],
  ])('is 404 without a name, for %s', async (_, path) => {
    expect((await admin.get(path)).json).toEqual(
      failure(404, 'NotFound', 'the server could not find the requested resource', {}),
    );
  });

  it.each([
    ['a group', () => '/apis/no.such.group/v1/things'],
    ['a resource of a custom group', () => `/apis/${widgets.group}/v1/gadgets`],
    ['a version of a custom group', () => `/apis/${widgets.group}/v9/widgets`],
    ['a path', () => '/nonsense'],
  ])('is 404 in plain text, for %s', async (_, path) => {
    const { status, text, headers } = await admin.get(path());
    expect(status).toBe(404);
    expect(text).toBe('404 page not found\n');
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });
});

describe('who is not known', () => {
  it('by a wrong token is 401, even where anybody may read', async () => {
    for (const path of [MAPS, '/version']) {
      const { status, json, headers } = await apiAs('wrong').get(path);
      expect(status).toBe(401);
      expect(json).toEqual(failure(401, 'Unauthorized', 'Unauthorized'));
      expect(headers['www-authenticate']).toBeUndefined();
    }
  });

  it('without credentials is somebody without a name, and may not', async () => {
    const { status, json } = await nobody.get('/api/v1/pods');
    expect(status).toBe(403);
    expect(json).toEqual(
      failure(
        403,
        'Forbidden',
        'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" at the cluster scope',
        { kind: 'pods' },
      ),
    );
  });

  it('with basic authentication is nobody too', async () => {
    const answer = await nobody.send('GET', '/api/v1/pods', {
      headers: { authorization: `Basic ${btoa('admin:admin')}` },
    });
    expect(answer.status).toBe(403);
  });
});

describe('what may not be done', () => {
  it('names the object, its group and its kind', async () => {
    expect((await viewer.get(`${MAPS}/a`)).json).toEqual(
      failure(
        403,
        'Forbidden',
        `configmaps "a" is forbidden: User "viewer" cannot get resource "configmaps" in API group "" in the namespace "${namespace}"`,
        { name: 'a', kind: 'configmaps' },
      ),
    );
    expect((await viewer.get('/apis/apps/v1/deployments')).json).toEqual(
      failure(
        403,
        'Forbidden',
        'deployments.apps is forbidden: User "viewer" cannot list resource "deployments" in API group "apps" at the cluster scope',
        { group: 'apps', kind: 'deployments' },
      ),
    );
  });

  it('names a subresource in the message alone', async () => {
    const answer = await viewer.post(`/api/v1/namespaces/${namespace}/pods/p/eviction`, {});
    expect(answer.json).toEqual(
      failure(
        403,
        'Forbidden',
        `pods "p" is forbidden: User "viewer" cannot create resource "pods/eviction" in API group "" in the namespace "${namespace}"`,
        { name: 'p', kind: 'pods' },
      ),
    );
  });

  it('comes before what does not exist', async () => {
    expect((await viewer.get('/apis/no.such.group/v1/things')).status).toBe(403);
    expect((await viewer.get('/api/v1/nonsense')).status).toBe(403);
  });

  it('names a path that is no resource', async () => {
    expect((await viewer.get('/metrics')).json).toEqual(
      failure(403, 'Forbidden', 'forbidden: User "viewer" cannot get path "/metrics"', {}),
    );
  });
});

describe('what cannot be done', () => {
  it.each([
    ['POST on an object', 'POST', () => `${MAPS}/a`],
    ['PUT on a collection', 'PUT', () => MAPS],
    ['PATCH on a collection', 'PATCH', () => MAPS],
    ['DELETE on a subresource', 'DELETE', () => `/apis/apps/v1/namespaces/${namespace}/deployments/d/scale`],
  ] as const)('is 405: %s', async (_, method, path) => {
    const answer = await admin.send(method, path(), {
      body: configMap('a'),
      contentType: method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
    });
    expect(answer.json).toEqual(
      failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {}),
    );
    expect(answer.headers['allow']).toBeUndefined();
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded'])(
    'is 415 for a body of type %s',
    async (contentType) => {
      expect(await admin.post(MAPS, 'x', { contentType })).toMatchObject({
        status: 415,
        json: { reason: 'UnsupportedMediaType' },
      });
    },
  );
});

it('every error that is a Status has its code in the body', async () => {
  const answers = await Promise.all([
    admin.get(`${MAPS}/missing`),
    viewer.get(MAPS),
    admin.post(MAPS, '{'),
    admin.post(MAPS, configMap('a')),
  ]);
  for (const { status, json, headers } of answers) {
    expect(at(json, 'code')).toBe(status);
    expect(headers['content-type']).toBe('application/json');
  }
});
