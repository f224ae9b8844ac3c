import { describe, expect, it } from 'vitest';
import { CursorCodec } from '../../../src/watch/cursor.ts';
import type { FakeCall } from './support/fake-upstream.ts';
import { playList, SCOPE, setupHub } from './support/hub-setup.ts';
import { flush } from './support/manual-clock.ts';
import { added, bookmark, listEnd, listPage, modified, status } from './support/objects.ts';
import { takeLabels } from './support/reader.ts';

const cursors = new CursorCodec(SCOPE, 'kubeconfig');
const SNAPSHOT = ['ADDED a@1', 'ADDED b@2', 'SYNCED'];

/** A subscription that resumes behind 100, whose question where the collection is waits for the test. */
async function resumeFrom100(position = '100') {
  const setup = setupHub();
  const questions: FakeCall[] = [];
  setup.upstream.onQuestion = (question) => questions.push(question);
  const subscription = setup.subscribe({ resumeFrom: cursors.at(position) });
  await flush();
  const [question] = questions;
  if (question === undefined) throw new Error('nothing was asked');
  return { ...setup, subscription, question };
}

describe('a cursor', () => {
  it('is compared with where the collection is, by a call beside the watch and as the same identity', async () => {
    const { question, upstream } = await resumeFrom100();
    expect(upstream.summaries).toEqual(['watch from 100']);
    expect(question.request).toMatchObject({
      identity: upstream.calls[0]?.request.identity,
      method: 'GET',
      path: SCOPE.path,
      query: { limit: '1' },
    });
    expect(question.request.accept).toContain('PartialObjectMetadataList');
    expect(question.request.query?.['resourceVersion']).toBeUndefined();
  });

  it('from the future starts over with a snapshot', async () => {
    const { question, upstream, subscription, hub } = await resumeFrom100();
    (await upstream.nextCall()).open();
    question.reply(200, listPage(99, []));
    await playList({ upstream });
    await flush();
    expect(takeLabels(subscription)).toEqual(SNAPSHOT);
    expect(hub.counts.resumed).toMatchObject({ upstream: 0, snapshot: 1 });
    expect(hub.size).toBe(1);
  });

  it('is synced only when the answer is there', async () => {
    const { question, upstream, subscription, clock } = await resumeFrom100();
    (await upstream.nextCall()).open();
    await clock.advance(1000);
    expect(takeLabels(subscription)).toEqual([]);
    question.reply(200, listPage(100, []));
    await flush();
    expect(takeLabels(subscription)).toEqual(['SYNCED']);
  });

  it('is known to be of the past when something newer comes, whatever the answer', async () => {
    const { question, upstream, subscription } = await resumeFrom100();
    (await upstream.nextCall()).open().write(modified('a', 101));
    await flush();
    expect(takeLabels(subscription)).toEqual(['SYNCED', 'MODIFIED a@101']);
    question.reply(200, listPage(99, []));
    await flush();
    expect(subscription.isEnded).toBe(false);
  });

  it.each<[string, (question: FakeCall) => void]>([
    ['nobody may list', (question) => question.reply(403, status(403, 'Forbidden'))],
    ['the question fails', (question) => question.refuse()],
    [
      'versions do not compare',
      (question) => question.reply(200, '{"metadata":{"resourceVersion":"x"},"items":[]}'),
    ],
  ])('is resumed all the same when %s', async (_, answer) => {
    const { question, upstream, subscription, clock } = await resumeFrom100();
    (await upstream.nextCall()).open();
    answer(question);
    await clock.advance(1000);
    expect(takeLabels(subscription)).toEqual(['SYNCED']);
  });

  it('that the API server cannot read ends the subscription at once', async () => {
    const { question, upstream, subscription } = await resumeFrom100('forged');
    expect(question.request.query).toMatchObject({
      resourceVersion: 'forged',
      resourceVersionMatch: 'NotOlderThan',
    });
    question.reply(400, status(400, 'BadRequest'));
    await flush();
    expect(subscription.error).toMatchObject({ code: 'BAD_REQUEST' });
    expect(upstream.calls).toEqual([]);
  });

  it('of a server with versions of its own kind is resumed', async () => {
    const { question, upstream, subscription } = await resumeFrom100('7/x');
    question.reply(200, listPage(100, []));
    (await upstream.nextCall()).open().write(modified('a', 101));
    await flush();
    expect(takeLabels(subscription)).toEqual(['SYNCED', 'MODIFIED a@101']);
  });

  it('asks for the one object that the scope is about, since that may be all that is allowed', async () => {
    const scope = { ...SCOPE, labelSelector: 'app=a', fieldSelector: 'metadata.name=a' };
    const setup = setupHub();
    setup.subscribe({ scope, resumeFrom: new CursorCodec(scope, 'kubeconfig').at('5') });
    await flush();
    expect(setup.upstream.questions[0]?.request.query).toMatchObject({
      limit: '1',
      fieldSelector: 'metadata.name=a',
    });
    expect(setup.upstream.questions[0]?.request.query).not.toHaveProperty('labelSelector');
  });
});

/** A subscriber that is live at position 10. */
async function live() {
  const setup = setupHub({ recheckMs: 0 });
  const subscription = setup.subscribe();
  const { stream } = await playList(setup);
  await flush();
  expect(takeLabels(subscription)).toEqual(SNAPSHOT);
  /** From now on the API server is the one of a backup, at position 5. */
  const restore = () => {
    setup.upstream.onQuestion = (question) => question.reply(200, listPage(5, []));
  };
  return { ...setup, subscription, stream, restore };
}

describe('an API server that comes back with an older state', () => {
  it('is found out when the watch is opened again after a silence: the differences are delivered', async () => {
    const { subscription, stream, restore, upstream, clock } = await live();
    await clock.advance(10_001);
    restore();
    stream.cut();
    await clock.advance(800);
    // It accepts the position, and would be silent until it gets there.
    (await upstream.nextCall()).open();
    (await upstream.nextCall())
      .open()
      .write(added('a', 1), added('restored', 4), listEnd(5), modified('a', 6));
    await flush();
    expect(upstream.summaries).toEqual(['streaming list', 'watch from 10', 'streaming list']);
    expect(takeLabels(subscription)).toEqual(['DELETED b@2', 'ADDED restored@4', 'MODIFIED a@6']);
  });

  it('is found out by its bookmarks', async () => {
    const { subscription, stream, restore, upstream } = await live();
    restore();
    stream.write(bookmark(5));
    const second = await upstream.nextCall();
    second.open().write(added('a', 1), listEnd(5));
    await flush();
    expect(second.summary).toBe('streaming list');
    expect(takeLabels(subscription)).toEqual(['DELETED b@2']);
  });

  it('is not suspected when the watch is opened again soon after it has said something', async () => {
    const { stream, upstream, clock } = await live();
    await clock.advance(60_000);
    stream.write(bookmark(20));
    await clock.advance(2000);
    stream.end();
    (await upstream.nextCall()).open();
    await flush();
    expect(upstream.questions).toEqual([]);
  });

  it('is not taken for one when it lags and another one does not', async () => {
    const { subscription, stream, upstream } = await live();
    upstream.onQuestion = (question) => question.reply(200, listPage(10, []));
    stream.write(bookmark(8), modified('a', 11));
    await flush();
    expect(takeLabels(subscription)).toEqual(['MODIFIED a@11']);
    expect(upstream.calls).toHaveLength(1);
  });

  it('ends a resumed watch with EXPIRED and a cursor that starts over', async () => {
    const setup = setupHub({ recheckMs: 0 });
    const subscription = setup.subscribe({ resumeFrom: cursors.at('10') });
    const stream = (await setup.upstream.nextCall()).open();
    stream.write(modified('a', 11));
    await setup.clock.advance(10_001);
    setup.upstream.onQuestion = (question) => question.reply(200, listPage(5, []));
    stream.end();
    (await setup.upstream.nextCall()).open();
    await flush();
    expect(subscription.error).toMatchObject({ code: 'EXPIRED', extensions: { cursor: cursors.initial } });
  });
});
