import { describe, expect, it } from 'vitest';
import { CONFIG_MAPS, PODS } from '../support/standard-cluster.ts';
import { testEngine } from '../support/test-engine.ts';

const MUTATION =
  'mutation { gone: deletePod(namespace: "a", name: "b") { pending object { metadata { name } } status { status details } __typename } }';

/** What a deletion answers when the API server answers `body`. */
async function deletion(body: object | string): Promise<unknown> {
  const { run, stub } = await testEngine();
  stub.on('DELETE', '/api/v1/namespaces/a/pods/b', { body });
  const { data, errors } = await run(MUTATION);
  expect(errors).toEqual([]);
  return data?.['gone'];
}

function pod(metadata: object, more: object = {}): object {
  return { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'b', ...metadata }, ...more };
}

describe('a deletion', () => {
  it('that the API server answers with a Status is over', async () => {
    const details = { name: 'b', kind: 'pods', uid: 'u' };
    expect(
      await deletion({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }),
    ).toEqual({
      pending: false,
      object: null,
      status: { status: 'Success', details },
      __typename: 'CoreV1PodDeletion',
    });
  });

  it.each([
    [
      'a grace period',
      pod({ deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 30 }),
      true,
    ],
    [
      'a finalizer',
      pod({
        deletionTimestamp: '2026-01-01T00:00:00Z',
        deletionGracePeriodSeconds: 0,
        finalizers: ['foreground'],
      }),
      true,
    ],
    [
      "a namespace's own finalizer",
      pod({ deletionTimestamp: '2026-01-01T00:00:00Z' }, { spec: { finalizers: ['kubernetes'] } }),
      true,
    ],
    [
      'nothing: an unscheduled pod',
      pod({ deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 0 }),
      false,
    ],
    ['an empty list of finalizers', pod({ finalizers: [] }, { spec: { finalizers: [] } }), false],
  ])('that is answered with the object is pending with %s: %s', async (_, body, pending) => {
    expect(await deletion(body)).toMatchObject({
      pending,
      object: { metadata: { name: 'b' } },
      status: null,
    });
  });

  it('of an object whose own kind is Status is not taken for the answer Status', async () => {
    expect(
      await deletion({ kind: 'Status', apiVersion: 'example.com/v1', metadata: { name: 'b' } }),
    ).toMatchObject({
      object: { metadata: { name: 'b' } },
      status: null,
    });
  });
});

describe('the deletion of many', () => {
  it('answers what was deleted', async () => {
    const { run, stub } = await testEngine();
    for (const name of ['x', 'y']) stub.collection(PODS).put({ metadata: { name, namespace: 'a' } });
    const { data } = await run(
      'mutation { deletePods(namespace: "a", all: true) { items { metadata { name } } pageInfo { hasNextPage } resourceVersion } }',
    );
    expect(data).toEqual({
      deletePods: {
        items: [{ metadata: { name: 'x' } }, { metadata: { name: 'y' } }],
        pageInfo: { hasNextPage: false },
        resourceVersion: '1000',
      },
    });
  });

  it('answers an empty list where the API server answers a Status', async () => {
    const { run, stub } = await testEngine();
    stub.on('DELETE', '/api/v1/namespaces/a/configmaps', {
      body: { kind: 'Status', apiVersion: 'v1', status: 'Success' },
    });
    stub.collection(CONFIG_MAPS).put({ metadata: { name: 'x', namespace: 'a' } });
    const { data } = await run(
      'mutation { deleteConfigMaps(namespace: "a", all: true) { items { kind } edges { cursor } } }',
    );
    expect(data).toEqual({ deleteConfigMaps: { items: [], edges: [] } });
  });
});
