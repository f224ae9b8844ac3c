import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KubegraphError } from '../../../src/errors/kubegraph-error.ts';
import { flush, ManualClock } from '../watch/support/manual-clock.ts';
import type { Written } from './support/fake-log.ts';
import { LogReader } from './support/log-reader.ts';

const at = (second: number, text: string, nanos = 0): Written => ({
  time: `2026-01-01T00:00:${String(second).padStart(2, '0')}.${String(nanos).padStart(9, '0')}Z`,
  text,
});

/** Lines whose moments are nearly in order, as of a container that writes to two outputs; many are the same. */
const someLines = fc
  .array(fc.record({ step: fc.nat({ max: 3 }), back: fc.boolean() }), { minLength: 1, maxLength: 40 })
  .map((steps) => {
    let half = 2;
    return steps.map(({ step, back }, index): Written => {
      half += step === 3 ? 2 : step === 0 ? 0 : 1;
      // Never into the second before: that would not come again.
      const shown = back && half % 2 === 1 ? half - 1 : half;
      return at(shown >> 1, `line ${index}`, (shown % 2) * 500_000_000);
    });
  });

const someCuts = fc.array(fc.record({ afterBytes: fc.nat({ max: 600 }), isSilent: fc.boolean() }), {
  maxLength: 8,
});

it('brings every line once, in order, wherever its connections break', async () => {
  await fc.assert(
    fc.asyncProperty(someLines, someCuts, async (lines, cuts) => {
      const reader = new LogReader();
      reader.file.cuts.push(...cuts);
      reader.file.write(...lines);
      reader.log.readOn();
      await reader.take(lines.length);
      reader.end();
      expect(await reader.take()).toEqual(lines.map(({ text }) => text));
    }),
  );
});

it('brings every line once where nobody knows whether the container runs', async () => {
  await fc.assert(
    fc.asyncProperty(someLines, someCuts, async (lines, cuts) => {
      const reader = new LogReader({ isRunning: () => undefined });
      reader.file.cuts.push(...cuts);
      reader.file.write(...lines);
      reader.file.end();
      reader.log.readOn();
      expect(await reader.take()).toEqual(lines.map(({ text }) => text));
    }),
  );
});

describe('of a container of which nobody knows whether it runs', () => {
  it('goes on where it was cut', async () => {
    const reader = new LogReader({ isRunning: () => undefined });
    const line = at(1, 'a');
    reader.file.cuts.push({ afterBytes: `${line.time} a\n`.length, isSilent: true });
    reader.file.write(line);
    reader.log.readOn();
    await reader.take(1);
    // Followed, and after the cut: the run before, and the same again.
    while (reader.file.asked.length < 3) await flush();
    reader.file.write(at(2, 'b'));
    expect(await reader.take(2)).toEqual(['a', 'b']);
    reader.file.end();
    expect(await reader.take()).toEqual(['a', 'b']);
  });

  it('goes on where it was cut after it has been quiet for long', async () => {
    const clock = new ManualClock();
    const reader = new LogReader({ isRunning: () => undefined, clock });
    reader.log.readOn();
    await clock.advance(60_000);
    reader.file.end();
    await flush();
    reader.file.restart();
    reader.file.write(at(1, 'a'));
    await clock.advance(1_000);
    expect(await reader.take(1)).toEqual(['a']);
  });
});

it('brings every line once where it is left and resumed anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(someLines, fc.nat({ max: 40 }), async (lines, many) => {
      const first = new LogReader();
      first.file.write(...lines);
      first.log.readOn();
      const before = await first.take(Math.min(many, lines.length));
      const second = new LogReader({ position: first.log.position });
      second.file.write(...lines);
      second.log.readOn();
      second.end();
      expect([...before, ...(await second.take())]).toEqual(lines.map(({ text }) => text));
    }),
  );
});

describe('a container that starts again', () => {
  it('goes on with its next run', async () => {
    const reader = new LogReader();
    reader.file.write(at(1, 'a'));
    reader.log.readOn();
    await reader.take(1);
    reader.end();
    await reader.take();
    reader.file.restart();
    reader.file.write(at(2, 'b'));
    reader.isRunning = true;
    reader.log.readOn();
    expect(await reader.take(2)).toEqual(['a', 'b']);
  });

  it('has its last words read where it did so while the connection was broken', async () => {
    const reader = new LogReader();
    reader.file.cuts.push({ afterBytes: 40, isSilent: false });
    reader.file.write(at(1, 'first'), at(2, 'last'));
    reader.log.readOn();
    expect(await reader.take(1)).toEqual(['first']);
    reader.file.restart();
    reader.file.write(at(3, 'again'));
    expect(await reader.take(3)).toEqual(['first', 'last', 'again']);
  });
});

it('goes on where the file of what it has read is gone', async () => {
  const reader = new LogReader();
  reader.file.cuts.push({ afterBytes: 80, isSilent: false });
  reader.file.write(at(1, 'a', 1), at(1, 'b', 2), at(1, 'c', 3));
  reader.log.readOn();
  await reader.take(2);
  reader.file.current = [at(1, 'c', 3), at(1, 'd', 4)];
  expect(await reader.take(4)).toEqual(['a', 'b', 'c', 'd']);
});

it('reads nothing more while nobody takes what has come', async () => {
  const reader = new LogReader();
  reader.file.write(...Array.from({ length: 100 }, (_, index) => at(1, 'x'.repeat(1000), index)));
  const changed = reader.change();
  reader.log.readOn();
  await changed;
  const before = reader.file.bytesRead;
  await new Promise((resolve) => setImmediate(resolve));
  expect(reader.file.bytesRead).toBe(before);
  expect(before).toBeLessThan(2_000);
  await reader.take(2);
  expect(reader.file.bytesRead).toBeGreaterThan(before);
});

it('asks for timestamps, and for the range only where it begins', async () => {
  const reader = new LogReader({ range: { tailLines: 1 } });
  reader.file.cuts.push({ afterBytes: 33, isSilent: false });
  reader.file.write(at(1, 'a'), at(2, 'b'));
  reader.log.readOn();
  await reader.take(1);
  reader.end();
  await reader.take();
  const [first, , second] = reader.file.asked;
  expect(first).toMatchObject({ timestamps: 'true', follow: 'true', tailLines: '1', container: 'c' });
  expect(second).toMatchObject({ sinceTime: '2026-01-01T00:00:02Z', tailLines: undefined });
  expect(reader.texts).toEqual(['b']);
});

describe('a log that cannot be read', () => {
  it('fails at once where the caller may not', async () => {
    const reader = new LogReader();
    reader.file.refusals.push(new KubegraphError('FORBIDDEN', 'no'));
    reader.log.readOn();
    await reader.take();
    expect(reader.log.error).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('fails after some tries, or is tried for as long as it takes', async () => {
    const away = Array.from({ length: 7 }, () => new KubegraphError('UPSTREAM_ERROR', 'its node is away'));
    const one = new LogReader();
    one.file.refusals.push(...away);
    one.log.readOn();
    await one.take();
    expect(one.log.error).toMatchObject({ code: 'UPSTREAM_ERROR' });
    const many = new LogReader({ givesUp: false });
    many.file.refusals.push(...away);
    many.file.write(at(1, 'a'));
    many.log.readOn();
    expect(await many.take(1)).toEqual(['a']);
  });
});

it('lets go of the log of a pod that is gone once it says nothing more', async () => {
  const clock = new ManualClock();
  const reader = new LogReader({ clock });
  reader.file.write(at(1, 'a'));
  reader.log.readOn();
  await reader.take(1);
  await clock.advance(10_000);
  expect(reader.log.isAtRest).toBe(false);
  reader.log.leave();
  await clock.advance(5_000);
  expect(reader.log.isAtRest).toBe(true);
  expect(reader.log.error).toBeUndefined();
});
