import { expect, it } from 'vitest';
import { PayloadIterator } from '../../../src/server/payload-iterator.ts';
import { FakeAnswer, payloadOf } from './support/fake-answer.ts';

const DONE = { done: true, value: undefined };

/** An iterator that may take as much as it likes, unless the test says something else. */
function iterated(room: () => Promise<void> | undefined = () => undefined) {
  const answer = new FakeAnswer();
  const ends: string[] = [];
  const payloads = new PayloadIterator({ answer, room, onEnd: () => ends.push('end') });
  return { answer, payloads, ends };
}

const [FIRST, SECOND] = [payloadOf('1'), payloadOf('2')];

it('stays open after the last payload, where that is wanted, until it is closed', async () => {
  const answer = new FakeAnswer();
  const ends: string[] = [];
  const onEnd = () => ends.push('end');
  const payloads = new PayloadIterator({ answer, room: () => undefined, lingers: () => true, onEnd });
  answer.push(FIRST);
  answer.end();
  expect((await payloads.next()).value).toBe(FIRST);
  const next = payloads.next();
  expect(await Promise.race([next, new Promise((resolve) => setImmediate(resolve, 'open'))])).toBe('open');
  payloads.close();
  expect([await next, ends]).toEqual([DONE, ['end']]);
});

it('takes each payload when it is asked for it', async () => {
  const { answer, payloads } = iterated();
  answer.push(FIRST, SECOND);
  expect(answer.waiting).toBe(2);
  expect((await payloads.next()).value).toBe(FIRST);
  expect(answer.waiting).toBe(1);
});

it('waits for the next one', async () => {
  const { answer, payloads } = iterated();
  const next = payloads.next();
  answer.push(FIRST);
  expect(await next).toEqual({ done: false, value: FIRST });
});

it('takes nothing before there is room for it', async () => {
  let wait: Promise<void> | undefined;
  let makeRoom: () => void = () => undefined;
  const { answer, payloads } = iterated(() => wait);
  wait = new Promise((resolve) => (makeRoom = resolve));
  answer.push(FIRST);
  const next = payloads.next();
  await Promise.resolve();
  expect(answer.waiting).toBe(1);
  wait = undefined;
  makeRoom();
  expect((await next).value).toBe(FIRST);
});

it('ends with the subscription, after its last payload', async () => {
  const { answer, payloads, ends } = iterated();
  answer.push(FIRST);
  answer.end();
  expect((await payloads.next()).value).toBe(FIRST);
  expect([await payloads.next(), await payloads.next(), ends]).toEqual([DONE, DONE, ['end']]);
});

it('ends while somebody waits', async () => {
  const { answer, payloads, ends } = iterated();
  const next = payloads.next();
  answer.end();
  expect([await next, ends]).toEqual([DONE, ['end']]);
});

it.each(['close', 'return'] as const)(
  'lets the subscription go, and whoever waits, at its %s',
  async (way) => {
    const { answer, payloads, ends } = iterated();
    const next = payloads.next();
    await payloads[way]();
    payloads.close();
    expect([answer.isClosed, await next, await payloads.next(), ends]).toEqual([true, DONE, DONE, ['end']]);
  },
);
