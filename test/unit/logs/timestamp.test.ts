import { expect, it } from 'vitest';
import { moment, sinceTimeOf } from '../../../src/logs/timestamp.ts';

it.each([
  ['2026-01-01T00:00:01.5Z', '2026-01-01T00:00:01.500000000'],
  ['2026-01-01T00:00:01Z', '2026-01-01T00:00:01.000000000'],
  ['2026-01-01T01:30:00.123456789+02:00', '2025-12-31T23:30:00.123456789'],
  ['2025-12-31T20:00:00.000000001-05:30', '2026-01-01T01:30:00.000000001'],
])('%s is a moment in UTC', (timestamp, at) => {
  expect(moment(timestamp)).toBe(at);
});

it.each(['', 'failed', '2026-01-01', '2026-01-01T00:00:01', '2026-99-99T00:00:00+01:00'])(
  '%j is none',
  (timestamp) => {
    expect(moment(timestamp)).toBeUndefined();
  },
);

it('is asked for by its second, since the API server knows no less', () => {
  expect(sinceTimeOf('2026-01-01T00:00:01.999999999')).toBe('2026-01-01T00:00:01Z');
});
