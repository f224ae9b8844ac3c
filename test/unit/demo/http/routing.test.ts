import { describe, expect, test } from 'vitest';
import { startServer, type SendOptions } from './support.ts';

const NOT_FOUND = { status: 404, message: 'the server could not find the requested resource', details: {} };
const NOT_ALLOWED = {
  status: 405,
  message: 'the server does not allow this method on the requested resource',
  details: {},
};
const PAGE = { status: 404, text: '404 page not found\n' };

async function ask(method: SendOptions['method'], path: string): Promise<Readonly<Record<string, unknown>>> {
  const { send } = await startServer();
  const answer = await send(path, method === undefined ? {} : { method });
  const { status } = answer;
  if (String(answer.headers['content-type']).startsWith('text/plain')) return { status, text: answer.body };
  if (answer.body === '') return { status };
  const { message, details } = answer.json();
  return {
    status,
    ...(message === undefined ? {} : { message }),
    ...(details === undefined ? {} : { details }),
  };
}

describe('what a built-in group does not have is a Status', () => {
  test.each([
    ['GET', '/api/v1/foos', NOT_FOUND],
    ['GET', '/api/v2/pods', NOT_FOUND],
    ['GET', '/apis/apps/v9/deployments', NOT_FOUND],
    ['GET', '/api/v1/namespaces/a/pods/p/foo', NOT_FOUND],
    ['GET', '/api/v1/namespaces/a/nodes', NOT_FOUND],
    ['GET', '/api/v1/namespaces/a/nodes/n', NOT_FOUND],
    ['GET', '/api/v1/pods/p', NOT_FOUND],
    ['POST', '/api/v1/pods', NOT_ALLOWED],
    ['DELETE', '/api/v1/pods', NOT_ALLOWED],
    ['PUT', '/api/v1/nodes', NOT_ALLOWED],
    ['POST', '/api/v1/namespaces/a/pods/p', NOT_ALLOWED],
    ['POST', '/api/v1/namespaces/a/pods/p/log', NOT_ALLOWED],
    ['GET', '/api/v1/namespaces/a/pods/p/eviction', NOT_ALLOWED],
    ['POST', '/version', NOT_ALLOWED],
  ] as const)('%s %s', async (method, path, expected) => {
    expect(await ask(method, path)).toEqual(expected);
  });

  test('HEAD is no method of resources', async () => {
    expect(await ask('HEAD', '/api/v1/pods')).toEqual({ status: 405 });
  });
});

describe('what nobody serves, or a custom group does not have, is a missing page', () => {
  test.each([
    ['GET', '/foo'],
    ['GET', '/apis/nope.io'],
    ['GET', '/apis/nope.io/v1'],
    ['GET', '/apis/nope.io/v1/foos'],
    ['GET', '/apis/example.com/v9'],
    ['GET', '/apis/example.com/v9/widgets'],
    ['GET', '/apis/example.com/v1/foos'],
    ['GET', '/apis/example.com/v1/widgets/w'],
    ['POST', '/apis/example.com/v1/widgets'],
    ['DELETE', '/apis/example.com/v1/widgets'],
    ['GET', '/apis/example.com/v1/namespaces/a/planets'],
  ] as const)('%s %s', async (method, path) => {
    expect(await ask(method, path)).toEqual(PAGE);
  });
});

describe('custom resources have words of their own', () => {
  const widgets = '/apis/example.com/v1/namespaces/a/widgets';

  test('a subresource that is not there is a missing object', async () => {
    expect(await ask('GET', `${widgets}/w/foo`)).toEqual({
      status: 404,
      message: 'widgets.example.com "w" not found',
      details: { name: 'w', group: 'example.com', kind: 'widgets' },
    });
  });

  test('a PUT without a name is a bad request', async () => {
    expect(await ask('PUT', widgets)).toEqual({ status: 400, message: 'name must be provided' });
  });

  test('creating a subresource is not supported', async () => {
    expect(await ask('POST', `${widgets}/w/status`)).toEqual({
      status: 405,
      message: 'create is not supported on resources of kind "widgets.example.com"',
      details: { group: 'example.com', kind: 'widgets' },
    });
  });
});

test('a request reaches the verbs with its target', async () => {
  const { send } = await startServer();
  const answer = await send('/api/v1/namespaces/a/pods/p/status');
  expect(answer.json()).toMatchObject({ verb: 'get', name: 'p', namespace: 'a', subresource: 'status' });
});

test('the object of a namespace is cluster-wide', async () => {
  const { send } = await startServer();
  const answer = await send('/api/v1/namespaces/a');
  expect(answer.json()).toMatchObject({ kind: 'Namespace', verb: 'get', name: 'a' });
  expect(answer.json()).not.toHaveProperty('namespace');
});

test('a trailing slash changes nothing', async () => {
  expect(await ask('GET', '/api/v1/')).toEqual({ status: 200 });
  expect(await ask('GET', '/api/v1/namespaces/a/pods/')).toEqual({ status: 200 });
});
