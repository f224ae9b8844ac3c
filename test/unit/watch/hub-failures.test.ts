import { describe, expect, it } from 'vitest';
import { KubegraphError } from '../../../src/errors/kubegraph-error.ts';
import type { FakeBody } from './support/fake-body.ts';
import { playList, setupHub, type HubSetup } from './support/hub-setup.ts';
import type { FakeCall } from './support/fake-upstream.ts';
import {
  added,
  bookmark,
  deleted,
  errorFrame,
  GONE,
  listEnd,
  listPage,
  modified,
  objectJson,
  status,
} from './support/objects.ts';
import type { Reader } from './support/reader.ts';

const TOO_LARGE = { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }] };

interface Live extends HubSetup {
  readonly reader: Reader;
  readonly call: FakeCall;
  readonly stream: FakeBody;
}

/** A subscriber that is live behind `MODIFIED a@11`, and has read everything so far. */
async function live(): Promise<Live> {
  const setup = setupHub();
  const reader = setup.read();
  const { call, stream } = await playList(setup);
  stream.write(modified('a', 11));
  await reader.labels();
  reader.events.length = 0;
  return { ...setup, reader, call, stream };
}

describe('a watch that ends', () => {
  it('is opened again at once from the last position when the end is clean', async () => {
    const { clock, upstream, reader, stream } = await live();
    await clock.advance(1000);
    stream.end();
    const next = await upstream.nextCall();
    expect(next.summary).toBe('watch from 11');
    next.open().write(modified('b', 12));
    expect(await reader.labels()).toEqual(['MODIFIED b@12']);
  });

  it('is opened again from its last bookmark', async () => {
    const { upstream, stream } = await live();
    stream.write(bookmark(50));
    stream.end();
    expect((await upstream.nextCall()).summary).toBe('watch from 50');
  });

  it('is opened again with a timeout and bookmarks, and without initial events', async () => {
    const { upstream, stream } = await live();
    stream.end();
    const { request } = await upstream.nextCall();
    expect(request.query).toEqual({
      watch: '1',
      allowWatchBookmarks: 'true',
      resourceVersion: '11',
      timeoutSeconds: '300',
    });
  });

  it('is opened again after a back-off when something on the way closes it at once', async () => {
    const { clock, upstream, stream } = await live();
    stream.end();
    const second = await upstream.nextCall();
    second.open().end();
    await clock.advance(799);
    expect(upstream.calls).toHaveLength(2);
    await clock.advance(1);
    expect(upstream.summaries.at(-1)).toBe('watch from 11');
  });

  it.each([
    ['is cut', (stream: FakeBody) => stream.cut()],
    [
      'breaks off inside an event',
      (stream: FakeBody) => {
        stream.write(modified('a', 12).slice(0, 40));
        stream.end();
      },
    ],
    ['says what makes no sense', (stream: FakeBody) => stream.write('<html>\n')],
    ['says 500', (stream: FakeBody) => stream.write(errorFrame(500, 'InternalError'))],
    ['says 504', (stream: FakeBody) => stream.write(errorFrame(504, 'Timeout'))],
  ])('resumes after a back-off when it %s', async (_, fail) => {
    const { clock, upstream, reader, stream } = await live();
    fail(stream);
    await clock.advance(799);
    expect(upstream.calls).toHaveLength(1);
    await clock.advance(1);
    const next = await upstream.nextCall();
    expect(next.summary).toBe('watch from 11');
    next.open().write(modified('a', 12));
    expect(await reader.labels()).toEqual(['MODIFIED a@12']);
  });

  it.each([
    ['no connection', (call: FakeCall) => call.refuse()],
    [
      'no credentials for now',
      (call: FakeCall) => call.refuse(new KubegraphError('CREDENTIALS_UNAVAILABLE', 'x')),
    ],
    ['500', (call: FakeCall) => call.reply(500, status(500, ''))],
    [
      '503 in plain text',
      (call: FakeCall) => call.reply(503, 'service unavailable', { contentType: 'text/plain' }),
    ],
  ])('tries again with growing delays while there is %s', async (_, fail) => {
    const { clock, upstream, reader, stream } = await live();
    stream.end();
    fail(await upstream.nextCall());
    await clock.advance(800);
    fail(await upstream.nextCall());
    await clock.advance(1599);
    expect(upstream.calls).toHaveLength(3);
    await clock.advance(1);
    const next = await upstream.nextCall();
    next.open().write(modified('b', 12));
    expect(await reader.labels()).toEqual(['MODIFIED b@12']);
    expect(next.summary).toBe('watch from 11');
  });

  it('waits for as long as a 429 in plain text asks', async () => {
    const { clock, upstream, stream } = await live();
    stream.end();
    (await upstream.nextCall()).reply(429, 'Too many requests', {
      contentType: 'text/plain',
      retryAfter: '7',
    });
    await clock.advance(6999);
    expect(upstream.calls).toHaveLength(2);
    await clock.advance(1);
    expect(upstream.summaries.at(-1)).toBe('watch from 11');
  });

  it('never repeats an event that a server repeats', async () => {
    const { upstream, reader, stream } = await live();
    stream.write(deleted('b', 12));
    stream.end();
    (await upstream.nextCall())
      .open()
      .write(modified('a', 11), added('b', 2), deleted('b', 12), modified('a', 13));
    expect(await reader.labels()).toEqual(['DELETED b@12', 'MODIFIED a@13']);
  });
});

describe('a position that the API server has forgotten', () => {
  const refusals: [string, (setup: Live) => Promise<void>][] = [
    ['in a 200 answer', async ({ stream }) => stream.write(GONE)],
    [
      'with HTTP 410',
      async ({ stream, upstream }) => {
        stream.end();
        (await upstream.nextCall()).reply(410, status(410, 'Expired'));
      },
    ],
    [
      'with HTTP 410 and reason Gone',
      async ({ stream, upstream }) => {
        stream.end();
        (await upstream.nextCall()).reply(410, status(410, 'Gone'));
      },
    ],
  ];

  it.each(refusals)(
    'is replaced by a new list, of which the differences are delivered, %s',
    async (_, refuse) => {
      const setup = await live();
      setup.stream.write(added('same', 12), added('renewed', 13));
      await refuse(setup);
      const list = (await setup.upstream.nextCall()).open();
      list.write(
        added('a', 20),
        added('same', 12),
        added('renewed', 21, { uid: 'new' }),
        added('c', 22),
        listEnd(30),
      );
      expect(await setup.reader.labels()).toEqual([
        'ADDED same@12',
        'ADDED renewed@13',
        'DELETED b@2',
        'DELETED renewed@13',
        'MODIFIED a@20',
        'ADDED renewed@21',
        'ADDED c@22',
      ]);
      list.write(modified('c', 31));
      expect((await setup.reader.labels()).at(-1)).toBe('MODIFIED c@31');
    },
  );

  it('is replaced by a paged list where streaming lists are not available', async () => {
    const setup = setupHub();
    const reader = setup.read();
    (await setup.upstream.nextCall()).reply(422, status(422, 'Invalid'));
    (await setup.upstream.nextCall()).reply(200, listPage(10, [objectJson('a', 1), objectJson('b', 2)]));
    (await setup.upstream.nextCall()).open().write(modified('a', 11), GONE);
    (await setup.upstream.nextCall()).reply(200, listPage(20, [objectJson('a', 11)]));
    expect(await reader.labels()).toEqual([
      'ADDED a@1',
      'ADDED b@2',
      'SYNCED',
      'MODIFIED a@11',
      'DELETED b@2',
    ]);
    expect(setup.upstream.summaries.at(-1)).toBe('watch from 20');
  });

  it('does not interrupt subscribers when nothing has changed', async () => {
    const { upstream, reader, stream } = await live();
    stream.write(GONE);
    (await upstream.nextCall()).open().write(added('a', 11), added('b', 2), listEnd(30), modified('b', 31));
    expect(await reader.labels()).toEqual(['MODIFIED b@31']);
  });

  it('is replaced after a back-off when it is that of the list itself', async () => {
    const setup = setupHub();
    setup.read();
    const { stream } = await playList(setup);
    stream.write(GONE);
    await setup.clock.advance(799);
    expect(setup.upstream.calls).toHaveLength(1);
    await setup.clock.advance(1);
    expect(setup.upstream.summaries.at(-1)).toBe('streaming list');
  });

  it('is treated alike when the API server has not reached it', async () => {
    const { clock, upstream, reader, stream } = await live();
    stream.write(errorFrame(504, 'Timeout', TOO_LARGE));
    await clock.advance(800);
    (await upstream.nextCall()).open().write(added('a', 5), listEnd(6));
    expect(await reader.labels()).toEqual(['DELETED b@2', 'MODIFIED a@5']);
  });

  it('keeps the view until the new list is complete', async () => {
    const { clock, upstream, reader, stream } = await live();
    stream.write(GONE);
    const broken = (await upstream.nextCall()).open();
    broken.write(added('x', 15));
    broken.cut();
    await clock.advance(800);
    (await upstream.nextCall()).open().write(added('a', 11), added('b', 2), listEnd(30));
    expect(await reader.labels()).toEqual([]);
  });
});

describe('rights and kinds that are lost', () => {
  it.each([
    ['401', 'UNAUTHENTICATED', (call: FakeCall) => call.reply(401, status(401, 'Unauthorized'))],
    ['403', 'FORBIDDEN', (call: FakeCall) => call.reply(403, status(403, 'Forbidden'))],
    [
      '404',
      'NOT_FOUND',
      (call: FakeCall) => call.reply(404, '404 page not found', { contentType: 'text/plain' }),
    ],
  ])('end the subscription when the watch is opened again: %s', async (_, code, refuse) => {
    const { hub, upstream, reader, stream } = await live();
    stream.end();
    refuse(await upstream.nextCall());
    expect(await reader.failure()).toMatchObject({ code });
    expect(hub.size).toBe(0);
  });

  it('end the subscription when the watch itself says so', async () => {
    const { reader, stream } = await live();
    stream.write(errorFrame(403, 'Forbidden'));
    expect(await reader.failure()).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('let a slow reader have what came before the kind was removed', async () => {
    const setup = setupHub();
    const subscription = setup.subscribe();
    const { stream } = await playList(setup);
    stream.write(deleted('a', 11));
    stream.end();
    (await setup.upstream.nextCall()).reply(404, '404 page not found', { contentType: 'text/plain' });
    await setup.clock.advance(0);
    for (let count = 0; count < 4; count += 1)
      await expect(subscription.next()).resolves.toMatchObject({ done: false });
    await expect(subscription.next()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(subscription.next()).resolves.toMatchObject({ done: true });
  });

  it('do not let a slow reader have what it may no longer see', async () => {
    const setup = setupHub();
    const subscription = setup.subscribe();
    const { stream } = await playList(setup);
    stream.write(errorFrame(401, 'Unauthorized'));
    await setup.clock.advance(0);
    await expect(subscription.next()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('a connection that dies without a word', () => {
  it('is replaced when it outlives its timeout by 5 s', async () => {
    const { clock, upstream, reader, call } = await live();
    await clock.advance(304_999);
    expect(call.isAborted).toBe(false);
    await clock.advance(1);
    expect(call.isAborted).toBe(true);
    (await upstream.nextCall()).open().write(modified('a', 12));
    expect(await reader.labels()).toEqual(['MODIFIED a@12']);
    expect(upstream.summaries.at(-1)).toBe('watch from 11');
  });

  it('is replaced when its regular bookmarks stay away', async () => {
    const { clock, upstream, stream } = await live();
    for (const version of [20, 21]) {
      await clock.advance(60_000);
      stream.write(bookmark(version));
    }
    await clock.advance(180_000);
    expect(upstream.summaries.at(-1)).toBe('watch from 21');
  });

  it('is not suspected in a quiet watch', async () => {
    const { clock, upstream, stream } = await live();
    for (let minute = 1; minute < 5; minute += 1) {
      await clock.advance(60_000);
      stream.write(bookmark(20 + minute));
    }
    expect(upstream.calls).toHaveLength(1);
  });
});

describe('bounds', () => {
  it('end a watch with an event that is too large', async () => {
    const setup = setupHub({ maxFrameBytes: 1000 });
    const reader = setup.read();
    (await setup.upstream.nextCall()).open().write('x'.repeat(1001));
    expect(await reader.failure()).toMatchObject({ code: 'RESULT_TOO_LARGE' });
  });
});
