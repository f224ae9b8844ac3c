import { describe, expect, it } from 'vitest';
import { bearerIdentity } from '../../../src/cluster/identity.ts';
import { CursorCodec } from '../../../src/watch/cursor.ts';
import type { FakeCall } from './support/fake-upstream.ts';
import { playList, SCOPE, setupHub } from './support/hub-setup.ts';
import { flush } from './support/manual-clock.ts';
import { errorFrame, listEnd, listPage, modified, status } from './support/objects.ts';
import { takeLabels } from './support/reader.ts';

const cursors = new CursorCodec(SCOPE, 'kubeconfig');

function allow(review: FakeCall): void {
  review.reply(201, { status: { allowed: true } });
}

function deny(review: FakeCall): void {
  review.reply(201, { status: { allowed: false } });
}

/** A subscriber that has read the snapshot, and an API server that answers reviews with one of `answers` after another. */
async function watched(
  answers: ((question: FakeCall) => void)[],
  options: Parameters<typeof setupHub>[0] = {},
) {
  const setup = setupHub({ random: () => 0.5, ...options });
  setup.upstream.onQuestion = (question) => (answers.shift() ?? allow)(question);
  const subscription = setup.subscribe();
  const { call, stream } = await playList(setup);
  await flush();
  takeLabels(subscription);
  const asked = () => setup.upstream.questions.map((question) => question.summary);
  return { ...setup, subscription, call, stream, asked };
}

describe('the permission to watch', () => {
  it('is asked for every 20 s as the same identity', async () => {
    const setup = setupHub({ random: () => 0.5 });
    const identity = bearerIdentity('caller');
    setup.subscribe({ identity });
    await playList(setup);
    await setup.clock.advance(19_999);
    expect(setup.upstream.questions).toEqual([]);
    await setup.clock.advance(40_001);
    expect(setup.upstream.questions).toHaveLength(3);
    const { request } = setup.upstream.questions[0] ?? {};
    expect(request).toMatchObject({
      identity,
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    });
    expect(JSON.parse(String(request?.body?.content))).toEqual({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: {
        resourceAttributes: {
          verb: 'watch',
          group: '',
          version: 'v1',
          resource: 'configmaps',
          namespace: 'default',
        },
      },
    });
  });

  it.each([
    [0, 16_000],
    [0.75, 22_000],
  ])('is asked for at random times around that', async (random, firstMs) => {
    const setup = setupHub({ random: () => random });
    setup.subscribe();
    await playList(setup);
    await setup.clock.advance(firstMs - 1);
    expect(setup.upstream.questions).toEqual([]);
    await setup.clock.advance(1);
    expect(setup.upstream.questions).toHaveLength(1);
  });

  it('is asked for once per identity and scope, however many subscribe and resume', async () => {
    const { subscribe, clock, upstream } = await watched([]);
    for (let count = 0; count < 10; count += 1) subscribe();
    subscribe({ resumeFrom: cursors.at('5') });
    (await upstream.nextCall()).open();
    await clock.advance(20_000);
    expect(upstream.questions.filter(({ summary }) => summary === 'review')).toHaveLength(1);
  });

  it('counts as asked for whenever the watch starts', async () => {
    const { clock, stream, upstream, asked } = await watched([]);
    await clock.advance(15_000);
    stream.write(modified('a', 11));
    stream.end();
    (await upstream.nextCall()).open();
    await clock.advance(19_999);
    expect(asked()).toEqual([]);
    await clock.advance(1);
    expect(asked()).toEqual(['review']);
  });

  it('is not asked for when that is switched off', async () => {
    const { clock, asked } = await watched([], { recheckMs: 0 });
    await clock.advance(120_000);
    expect(asked()).toEqual([]);
  });

  it('leaves no timer when nobody watches any more', async () => {
    const { subscription, clock } = await watched([]);
    subscription.close();
    expect(clock.pendingMs).toEqual([]);
  });
});

describe('a permission that is revoked', () => {
  it('ends all subscriptions with FORBIDDEN after a second opinion, without what waits', async () => {
    const { subscription, subscribe, stream, clock, call, hub } = await watched([deny, deny]);
    const other = subscribe();
    await clock.advance(20_000);
    stream.write(modified('a', 11));
    await clock.advance(999);
    expect(subscription.isEnded).toBe(false);
    await clock.advance(1);
    expect(subscription.take()).toBeUndefined();
    expect(other.take()).toBeUndefined();
    expect([subscription.error, other.error]).toMatchObject([{ code: 'FORBIDDEN' }, { code: 'FORBIDDEN' }]);
    expect(subscription.error?.extensions['cursor']).toBe(cursors.at('10'));
    expect(call.isAborted).toBe(true);
    expect(hub.size).toBe(0);
    expect(hub.counts.ended).toEqual({ FORBIDDEN: 2 });
  });

  it('ends resumed subscriptions, too', async () => {
    const setup = setupHub({ random: () => 0.5 });
    const subscription = setup.subscribe({ resumeFrom: cursors.at('10') });
    (await setup.upstream.nextCall()).open();
    await setup.clock.advance(1000);
    setup.upstream.onQuestion = deny;
    await setup.clock.advance(20_000);
    expect(subscription.error).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('is not believed when the second opinion differs', async () => {
    const { subscription, clock, asked } = await watched([deny, allow, deny, allow]);
    await clock.advance(42_000);
    expect(subscription.isEnded).toBe(false);
    expect(asked()).toHaveLength(4);
  });

  it('is found out within 30 s wherever between two questions it happened', async () => {
    const { subscription, clock, upstream } = await watched([], { random: () => 0.999 });
    await clock.advance(24_000);
    upstream.onQuestion = deny;
    await clock.advance(26_000);
    expect(subscription.isEnded).toBe(true);
  });

  it('does not keep out whoever subscribes when it is granted again', async () => {
    const { clock, subscribe, upstream } = await watched([deny, deny]);
    await clock.advance(21_000);
    const again = subscribe();
    await playList({ upstream });
    await flush();
    expect(takeLabels(again)).toEqual(['ADDED a@1', 'ADDED b@2', 'SYNCED']);
  });
});

describe('credentials that are no longer accepted', () => {
  it('end all subscriptions with UNAUTHENTICATED at once', async () => {
    const { subscription, clock } = await watched([
      (review) => review.reply(401, status(401, 'Unauthorized')),
    ]);
    await clock.advance(20_000);
    expect(subscription.error).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('an API server that makes no reviews', () => {
  const list = (question: FakeCall) => question.reply(200, listPage(10, []));
  const refusals: [string, (question: FakeCall) => void][] = [
    ['404', (question) => question.reply(404, '404 page not found', { contentType: 'text/plain' })],
    ['403', (question) => question.reply(403, status(403, 'Forbidden'))],
    ['500', (question) => question.reply(500, status(500, ''))],
    ['no answer', (question) => question.refuse()],
    ['nonsense', (question) => question.reply(200, '{}')],
    [
      'an authorizer that fails',
      (question) => question.reply(201, { status: { allowed: false, evaluationError: 'webhook' } }),
    ],
  ];

  it.each(refusals)('is asked for a list of one instead: %s', async (_, refuse) => {
    const { subscription, clock, asked, upstream } = await watched([refuse, list]);
    await clock.advance(20_000);
    expect(asked()).toEqual(['review', 'position']);
    expect(upstream.questions[1]?.request.query).toMatchObject({ limit: '1' });
    expect(subscription.isEnded).toBe(false);
  });

  const [, notFound] = refusals[0] ?? ['', allow];

  it('ends the subscriptions when the list is forbidden twice', async () => {
    const forbid = (question: FakeCall) => question.reply(403, status(403, 'Forbidden'));
    const { subscription, clock } = await watched([notFound, forbid, notFound, forbid]);
    await clock.advance(21_000);
    expect(subscription.error).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('ends the subscriptions when the list is not authenticated', async () => {
    const refuse = (question: FakeCall) => question.reply(401, status(401, 'Unauthorized'));
    const { subscription, clock } = await watched([notFound, refuse]);
    await clock.advance(20_000);
    expect(subscription.error).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('keeps the subscriptions when the list cannot be had either', async () => {
    const { subscription, clock, asked } = await watched([
      notFound,
      (question) => question.refuse(),
      notFound,
      list,
    ]);
    await clock.advance(40_000);
    expect(subscription.isEnded).toBe(false);
    expect(asked()).toHaveLength(4);
  });
});

describe('a question that is under way', () => {
  it('is called off when the last subscriber leaves', async () => {
    const { subscription, clock, upstream } = await watched([() => {}]);
    await clock.advance(20_000);
    subscription.close();
    expect(upstream.questions.map(({ isAborted }) => isAborted)).toEqual([true]);
  });

  it('is called off when the watch starts anew, which answers it', async () => {
    const { clock, upstream, stream, subscription } = await watched([() => {}]);
    await clock.advance(20_000);
    stream.write(errorFrame(410, 'Expired'));
    await clock.advance(1200);
    (await upstream.nextCall()).open().write(listEnd(20));
    await flush();
    expect(upstream.questions.map(({ isAborted }) => isAborted)).toEqual([true]);
    expect(subscription.isEnded).toBe(false);
  });
});
