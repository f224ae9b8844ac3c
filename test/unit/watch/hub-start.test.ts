import { describe, expect, it } from 'vitest';
import {
  added,
  bookmark,
  deleted,
  listEnd,
  listPage,
  modified,
  objectJson,
  status,
} from './support/objects.ts';
import { flush } from './support/manual-clock.ts';
import { playList, SCOPE, setupHub } from './support/hub-setup.ts';

const SNAPSHOT = ['ADDED a@1', 'ADDED b@2', 'SYNCED'];

describe('starting with a streaming list', () => {
  it('asks for everything and the changes that follow, in one request', async () => {
    const setup = setupHub();
    setup.read({ scope: { ...SCOPE, labelSelector: 'app=a', fieldSelector: 'metadata.name=b' } });
    const { request } = await setup.upstream.nextCall();
    expect(request).toMatchObject({
      method: 'GET',
      path: SCOPE.path,
      mode: 'stream',
      query: {
        watch: '1',
        allowWatchBookmarks: 'true',
        sendInitialEvents: 'true',
        resourceVersionMatch: 'NotOlderThan',
        timeoutSeconds: '300',
        labelSelector: 'app=a',
        fieldSelector: 'metadata.name=b',
      },
    });
    expect(request.query).not.toHaveProperty('resourceVersion');
  });

  it('spreads the ends of watches over five minutes', async () => {
    const setup = setupHub({ random: () => 0.999 });
    setup.read();
    const { request } = await setup.upstream.nextCall();
    expect(request.query).toMatchObject({ timeoutSeconds: '599' });
  });

  it('delivers the snapshot when it is complete, then SYNCED, then every change of the same stream', async () => {
    const setup = setupHub();
    const reader = setup.read();
    const stream = (await setup.upstream.nextCall()).open();
    stream.write(added('a', 1), added('b', 2));
    expect(await reader.labels()).toEqual([]);
    stream.write(listEnd(10));
    expect(await reader.labels()).toEqual(SNAPSHOT);
    stream.write(modified('a', 11), bookmark(12), deleted('b', 13), added('c', 14));
    expect(await reader.labels()).toEqual([...SNAPSHOT, 'MODIFIED a@11', 'DELETED b@13', 'ADDED c@14']);
    expect(setup.upstream.summaries).toEqual(['streaming list']);
  });

  it('hands out the bytes of objects as the API server sent them', async () => {
    const setup = setupHub();
    const reader = setup.read();
    const object =
      '{ "metadata":{"name":"a","uid":"u","resourceVersion":"1"}, "n":9223372036854775807,"s":"\\u00e4" }';
    const stream = (await setup.upstream.nextCall()).open();
    stream.write(`{"type":"ADDED","object":${object}}\n`, listEnd(1));
    await flush();
    expect(reader.events[0]).toMatchObject({ object: Buffer.from(object) });
  });

  it('delivers the same however the stream is cut into chunks', async () => {
    const bytes = Buffer.from(added('a', 1) + added('b', 2) + listEnd(10) + modified('a', 11));
    for (const size of [1, 2, 7, 64]) {
      const setup = setupHub();
      const reader = setup.read();
      const stream = (await setup.upstream.nextCall()).open();
      for (let at = 0; at < bytes.length; at += size) stream.write(bytes.subarray(at, at + size));
      expect(await reader.labels(), `chunks of ${size}`).toEqual([...SNAPSHOT, 'MODIFIED a@11']);
    }
  });

  it('delivers SYNCED for an empty collection', async () => {
    const setup = setupHub();
    const reader = setup.read();
    (await setup.upstream.nextCall()).open().write(listEnd(10));
    expect(await reader.labels()).toEqual(['SYNCED']);
  });

  it('starts over when the list breaks off, and delivers nothing of the first half', async () => {
    const setup = setupHub();
    const reader = setup.read();
    const first = (await setup.upstream.nextCall()).open();
    first.write(added('gone', 1));
    first.cut();
    await setup.clock.advance(800);
    await playList(setup);
    expect(await reader.labels()).toEqual(SNAPSHOT);
  });
});

describe('starting with a paged list', () => {
  it.each([400, 422])('is what a refusal with %i falls back to, and the path is remembered', async (code) => {
    const setup = setupHub();
    const first = new AbortController();
    const reader = setup.read({ signal: first.signal });
    (await setup.upstream.nextCall()).reply(code, status(code, 'Invalid'));
    (await setup.upstream.nextCall()).reply(200, listPage(10, [objectJson('a', 1)], 'p2'));
    (await setup.upstream.nextCall()).reply(200, listPage(10, [objectJson('b', 2)]));
    (await setup.upstream.nextCall()).open().write(modified('a', 11));
    expect(await reader.labels()).toEqual([...SNAPSHOT, 'MODIFIED a@11']);
    expect(setup.upstream.summaries).toEqual([
      'streaming list',
      'list first page',
      'list p2',
      'watch from 10',
    ]);
    first.abort();
    setup.read();
    expect((await setup.upstream.nextCall()).summary).toBe('list first page');
    setup.read({ scope: { path: '/api/v1/pods' } });
    expect((await setup.upstream.nextCall()).summary).toBe('streaming list');
  });

  it('asks for pages of 500, consistent and compressed, with the selectors', async () => {
    const setup = setupHub();
    setup.read({ scope: { ...SCOPE, labelSelector: 'app=a' } });
    (await setup.upstream.nextCall()).reply(422, status(422, 'Invalid'));
    (await setup.upstream.nextCall()).reply(200, listPage(10, [], 'p2'));
    const { request } = await setup.upstream.nextCall();
    expect(request).toMatchObject({
      compress: true,
      query: { limit: '500', continue: 'p2', labelSelector: 'app=a' },
    });
    expect(request.query).not.toHaveProperty('resourceVersion');
  });

  it('is what a server falls back to that never ends its streaming list', async () => {
    const setup = setupHub();
    const reader = setup.read();
    const call = await setup.upstream.nextCall();
    call.open().write(added('a', 1));
    await setup.clock.advance(30_000);
    (await setup.upstream.nextCall()).reply(200, listPage(10, [objectJson('a', 1), objectJson('b', 2)]));
    expect(await reader.labels()).toEqual(SNAPSHOT);
    expect(call.isAborted).toBe(true);
  });

  it('is not remembered when it was the selector that was refused', async () => {
    const setup = setupHub();
    const reader = setup.read({ scope: { ...SCOPE, fieldSelector: 'spec.x=1' } });
    (await setup.upstream.nextCall()).reply(400, status(400, 'BadRequest'));
    (await setup.upstream.nextCall()).reply(400, status(400, 'BadRequest'));
    expect(await reader.failure()).toMatchObject({ code: 'BAD_REQUEST' });
    setup.read();
    expect((await setup.upstream.nextCall()).summary).toBe('streaming list');
  });

  it('asks for a failed page again', async () => {
    const setup = setupHub();
    const reader = setup.read();
    (await setup.upstream.nextCall()).reply(422, status(422, 'Invalid'));
    (await setup.upstream.nextCall()).reply(200, listPage(10, [objectJson('a', 1)], 'p2'));
    (await setup.upstream.nextCall()).reply(503, 'service unavailable', { contentType: 'text/plain' });
    await setup.clock.advance(800);
    (await setup.upstream.nextCall()).reply(200, listPage(10, [objectJson('b', 2)]));
    expect(await reader.labels()).toEqual(SNAPSHOT);
  });

  it('asks for fewer items when a page is larger than what is read into memory', async () => {
    const setup = setupHub({ pageSize: 7 });
    const reader = setup.read();
    (await setup.upstream.nextCall()).reply(422, status(422, 'Invalid'));
    const tooLarge = (await setup.upstream.nextCall()).open();
    const mebibyte = Buffer.alloc(1024 * 1024, 'x');
    for (let count = 0; count <= 64; count += 1) tooLarge.write(mebibyte);
    const smaller = await setup.upstream.nextCall();
    expect(smaller.request.query).toMatchObject({ limit: '2' });
    smaller.reply(200, listPage(10, [objectJson('a', 1), objectJson('b', 2)]));
    expect(await reader.labels()).toEqual(SNAPSHOT);
  });

  it('starts over when its continue token expires', async () => {
    const setup = setupHub();
    const reader = setup.read();
    (await setup.upstream.nextCall()).reply(422, status(422, 'Invalid'));
    (await setup.upstream.nextCall()).reply(200, listPage(5, [objectJson('old', 1)], 'p2'));
    (await setup.upstream.nextCall()).reply(410, status(410, 'Expired'));
    await setup.clock.advance(800);
    (await setup.upstream.nextCall()).reply(200, listPage(10, [objectJson('a', 1), objectJson('b', 2)]));
    expect(await reader.labels()).toEqual(SNAPSHOT);
    expect(setup.upstream.summaries.at(-1)).toBe('watch from 10');
  });
});

describe('an API server that refuses the start', () => {
  it.each([
    [401, 'Unauthorized', 'UNAUTHENTICATED'],
    [403, 'Forbidden', 'FORBIDDEN'],
    [405, 'MethodNotAllowed', 'METHOD_NOT_ALLOWED'],
  ])('ends the subscription at once: %i', async (code, reason, expected) => {
    const setup = setupHub();
    const reader = setup.read();
    (await setup.upstream.nextCall()).reply(code, status(code, reason));
    expect(await reader.failure()).toMatchObject({ code: expected });
    expect(setup.upstream.calls).toHaveLength(1);
    expect(setup.hub.size).toBe(0);
  });

  it('ends the subscription when the kind does not exist', async () => {
    const setup = setupHub();
    const reader = setup.read();
    (await setup.upstream.nextCall()).reply(404, '404 page not found\n', { contentType: 'text/plain' });
    expect(await reader.failure()).toMatchObject({ code: 'NOT_FOUND', message: '404 page not found' });
  });

  it('ends the subscription when it cannot be reached five times', async () => {
    const setup = setupHub();
    const reader = setup.read();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      (await setup.upstream.nextCall()).refuse();
      await setup.clock.advance(13_000);
    }
    expect(await reader.failure()).toMatchObject({ code: 'UNREACHABLE' });
    expect(setup.upstream.calls).toHaveLength(5);
  });

  it('is asked anew by the next subscription', async () => {
    const setup = setupHub();
    const refused = setup.read();
    (await setup.upstream.nextCall()).reply(403, status(403, 'Forbidden'));
    await refused.ended;
    const reader = setup.read();
    await playList(setup);
    expect(await reader.labels()).toEqual(SNAPSHOT);
  });
});
