import { expect, it } from 'vitest';
import { describeError, jsonLines } from '../../../src/util/log.ts';

it('writes one JSON object a line, time, level and message first', () => {
  const lines: string[] = [];
  const log = jsonLines(
    (line) => lines.push(line),
    () => new Date('2026-01-01T00:00:00Z'),
  );
  log.warn('two\nlines', { port: 4000 });
  expect(lines).toEqual([
    '{"time":"2026-01-01T00:00:00.000Z","level":"warn","message":"two\\nlines","port":4000}\n',
  ]);
});

it('tells a defect by its kind and place, and of anything else only what it is', () => {
  const error = new TypeError('wrong');
  expect(describeError(error)).toEqual({ error: 'TypeError', detail: 'wrong', stack: error.stack });
  expect(describeError('a token, perhaps')).toEqual({ error: 'string' });
});
