import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { targetFor } from './support/kubeconfig.ts';
import { type Answer, testServer } from './support/server.ts';
import { aRequest, rejection, testUpstream } from './support/upstream.ts';

const MODES = ['unary', 'download', 'stream'] as const;

type Mode = (typeof MODES)[number];

/** An answer that the test writes, read in pieces of at least 10 bytes. */
async function inPiecesOfTen(mode: Mode, deadlineMs?: number) {
  const answers: Answer[] = [];
  const server = await testServer({
    handler: (_, answer) => {
      answers.push(answer);
      // Only the head goes out.
      answer.write('');
    },
  });
  const upstream = testUpstream({ target: targetFor(server.origin) });
  const request = aRequest({ mode, ...(deadlineMs === undefined ? {} : { deadlineMs }) });
  const { body } = await upstream.send(request);
  const [answer] = answers;
  if (answer === undefined) throw new Error('nothing was asked for');
  const cut = (): void => server.requests[0]?.hangUp();
  return { answer, cut, pieces: body.pieces(10)[Symbol.asyncIterator](), iterable: body.pieces(10) };
}

/** Writes each text once the one before has been sent. */
async function writeOneByOne(answer: Answer, texts: readonly string[]): Promise<void> {
  for (const text of texts) {
    await new Promise<void>((resolve) => {
      answer.write(text, () => resolve());
    });
    await sleep(5);
  }
}

describe.each(MODES)('the pieces of a %s call', (mode) => {
  test('are at least as large as asked for, but for the last', async () => {
    const { answer, iterable } = await inPiecesOfTen(mode);
    const written = writeOneByOne(answer, ['0123', '4567', '89ab', 'cdef', 'gh']).then(() => answer.end());
    const pieces: string[] = [];
    for await (const piece of iterable) pieces.push(String(piece));
    await written;
    expect(pieces.join('')).toBe('0123456789abcdefgh');
    expect(pieces.slice(0, -1).filter(({ length }) => length < 10)).toEqual([]);
  });

  test('are none where there is nothing', async () => {
    const { answer, pieces } = await inPiecesOfTen(mode);
    answer.end();
    expect(await pieces.next()).toMatchObject({ done: true });
    expect(await pieces.next()).toMatchObject({ done: true });
  });
});

// A stream's cut can look like its end.
test.each(['unary', 'download'] as const)('the pieces of a %s call that is cut off fail', async (mode) => {
  const { answer, cut, pieces } = await inPiecesOfTen(mode);
  const first = pieces.next();
  await writeOneByOne(answer, ['0123456789']);
  expect(String((await first).value)).toBe('0123456789');
  const rest = (async () => {
    while ((await pieces.next()).done !== true);
  })();
  await writeOneByOne(answer, ['abc']);
  cut();
  expect((await rejection(rest)).code).toBe('UPSTREAM_ERROR');
});

test('the pieces of a download have the deadline for whatever comes, however little', async () => {
  const deadlineMs = 1_000;
  const { answer, pieces } = await inPiecesOfTen('download', deadlineMs);
  const first = pieces.next();
  for (const text of ['012', '345', '6789']) {
    await sleep(0.6 * deadlineMs);
    await writeOneByOne(answer, [text]);
  }
  expect(String((await first).value)).toBe('0123456789');
  expect((await rejection(pieces.next())).code).toBe('TIMEOUT');
});
