import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readCursor, writeCursor } from '../../../src/logs/log-cursor.ts';

const POSITION = { at: '2026-01-01T00:00:01.000000001', lines: 3 };
const written = (since?: string): string =>
  writeCursor('scope', since, [[{ namespace: 'a', pod: 'x', container: 'c' }, POSITION]]);

const encoded = (content: unknown): string => deflateRawSync(JSON.stringify(content)).toString('base64url');
const [version, digest] = JSON.parse(
  inflateRawSync(Buffer.from(written(), 'base64url')).toString(),
) as unknown[];

it('says where each container was read to, and where the others begin', () => {
  const cursor = readCursor('scope', written('2026-01-01T00:00:00Z'));
  expect(cursor.since).toBe('2026-01-01T00:00:00Z');
  expect(cursor.position('x', 'c')).toEqual(POSITION);
  expect(cursor.position('x', 'd')).toBeUndefined();
  expect(readCursor('scope', written()).since).toBeUndefined();
});

it('is taken for its own logs only', () => {
  expect(() => readCursor('another', written())).toThrow(
    expect.objectContaining({ code: 'INVALID_CURSOR', message: expect.stringContaining('other logs') }),
  );
});

it('of two hundred containers fits into a header', () => {
  const positions = Array.from({ length: 200 }, (_, index) => {
    const pod = `checkout-7d9c6b5f48-${Math.sin(index).toString(36).slice(-5)}`;
    const at = `2026-01-01T00:00:0${index % 10}.${String(Math.abs(Math.sin(index))).slice(2, 11)}`;
    return [
      { namespace: 'a', pod, container: 'c' },
      { at, lines: index + 1 },
    ] as const;
  });
  expect(writeCursor('scope', undefined, positions).length).toBeLessThan(10_000);
});

it.each([
  ['empty', ''],
  ['not compressed', 'AAAA'],
  ['inflating without end', deflateRawSync(Buffer.alloc(2 ** 24)).toString('base64url')],
  ['no list', encoded({})],
  ['of another version', encoded([version, digest].toReversed())],
  ['with a wrong beginning', encoded([version, digest, 'yesterday'])],
  [
    'with a wrong moment',
    encoded([version, digest, null, ['x', 'c', '2026-01-01T00:00:01Z&follow=true', 1]]),
  ],
  ['with a wrong count', encoded([version, digest, null, ['x', 'c', POSITION.at, -1]])],
  ['with an entry that is too short', encoded([version, digest, null, ['x', 'c']])],
  ['that is longer than any of ours', 'A'.repeat(300_000)],
])('is refused where it is damaged: %s', (_, cursor) => {
  expect(() => readCursor('scope', cursor)).toThrow(expect.objectContaining({ code: 'INVALID_CURSOR' }));
});
