import { describe, expect, test } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { CONNECTIONS } from '../../../src/cluster/timeouts.ts';
import { targetFor } from './support/kubeconfig.ts';
import { type Answer, testServer } from './support/server.ts';
import { aRequest, fetchText, rejection, testUpstream } from './support/upstream.ts';

const DEADLINE_MS = 150;

/** Ample for whatever must not be cut off, on a busy machine too. */
const LONG_DEADLINE_MS = 1_000;

/** An API server that writes its answer in two parts, the second when it is told to. */
async function inTwoParts(deadlineMs: number) {
  const answers: Answer[] = [];
  const server = await testServer({
    handler: (_, answer) => {
      answers.push(answer);
      answer.write('first,');
    },
  });
  const upstream = testUpstream({ target: targetFor(server.origin) });
  const { body } = await upstream.send(aRequest({ mode: 'download', deadlineMs }));
  return { pieces: body[Symbol.asyncIterator](), endIt: () => void answers[0]?.end('second') };
}

describe('a download', () => {
  test('is not cut off for a reader who takes longer than the deadline', async () => {
    const { pieces, endIt } = await inTwoParts(LONG_DEADLINE_MS);
    await sleep(1.2 * LONG_DEADLINE_MS);
    const first = await pieces.next();
    await sleep(1.2 * LONG_DEADLINE_MS);
    endIt();
    const second = await pieces.next();
    expect([String(first.value), String(second.value)]).toEqual(['first,', 'second']);
    expect(await pieces.next()).toMatchObject({ done: true });
  });

  test('is cut off when the API server takes longer than that', async () => {
    const { pieces } = await inTwoParts(LONG_DEADLINE_MS);
    await pieces.next();
    expect((await rejection(pieces.next())).code).toBe('TIMEOUT');
  });

  test('has the deadline for its headers, too', async () => {
    const server = await testServer({ handler: () => undefined });
    const upstream = testUpstream({ target: targetFor(server.origin) });
    const call = upstream.send(aRequest({ mode: 'download', deadlineMs: DEADLINE_MS }));
    expect((await rejection(call)).code).toBe('TIMEOUT');
  });

  test('whose reader has stopped does not keep other calls waiting for a connection', async () => {
    const server = await testServer({
      kind: 'http',
      handler: ({ url }, answer) => void (url === '/slow' ? answer.write('first,') : answer.end('{}')),
    });
    const upstream = testUpstream({ target: targetFor(server.origin) });
    const slow = Array.from({ length: CONNECTIONS.maxUnary + 1 }, () =>
      upstream.send(aRequest({ mode: 'download', path: '/slow' })),
    );
    await Promise.all(slow);
    expect((await fetchText(upstream)).text).toBe('{}');
  });

  test('that is refused has it for the whole refusal', async () => {
    const server = await testServer({
      handler: (_, answer) => {
        answer.statusCode = 403;
        answer.write('no, and ');
      },
    });
    const upstream = testUpstream({ target: targetFor(server.origin) });
    const call = fetchText(upstream, { mode: 'download', deadlineMs: DEADLINE_MS });
    expect((await rejection(call)).code).toBe('TIMEOUT');
  });
});
