import { afterEach, describe, expect, test } from 'vitest';
import type { Fault } from '../../demo/faults/rule.ts';
import { mapConcurrently } from '../../src/util/concurrency.ts';
import { atEnd } from '../real/support/at-end.ts';
import { bench, type Bench } from './support/bench.ts';

const CREATE =
  'mutation ($input: CoreV1ConfigMapInput!) { createConfigMap(namespace: "default", input: $input) { metadata { name } } }';

/** What a create says: its code, or `done`. The server makes up the name, so that doing it twice would show. */
async function create({ ask }: Bench, label: string): Promise<string> {
  const { data, errors } = await ask(CREATE, {
    input: { metadata: { generateName: 'made-', labels: { label } } },
  });
  if (errors.length === 0 && data?.['createConfigMap'] !== null) return 'done';
  return errors.map(({ extensions }) => String(extensions['code'])).join(' ');
}

/** How often each label was created. */
function created({ demo }: Bench): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { metadata } of demo.store.snapshot('/configmaps', 'default').objects) {
    const label = metadata.labels?.['label'];
    if (label !== undefined) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
}

const all = await bench({ seed: 7, cleanUp: atEnd });
const { faults, report } = all;
afterEach(() => {
  faults.disarm();
  expect(all.defects.slice(0, 1)).toEqual([]);
});

const ON = { verb: 'create', resource: 'configmaps' } as const;

describe('1,000 creates while connections are reset', () => {
  test('are never done twice, and who does not know says so', async () => {
    faults.arm({ on: ON, when: { chance: 0.05 }, fault: { kind: 'reset' } });
    faults.arm({ on: ON, when: { chance: 0.05 }, fault: { kind: 'reset', at: 'request' } });
    faults.arm({ on: ON, when: { chance: 0.05 }, fault: { kind: 'cut' } });
    const labels = Array.from({ length: 1000 }, (_, index) => `n${index}`);
    const outcomes = await mapConcurrently(labels, 10, (label) => create(all, label));
    const counts = created(all);
    const timesFor = (outcome: string): ReadonlySet<number> =>
      new Set(
        labels.filter((_, index) => outcomes[index] === outcome).map((label) => counts.get(label) ?? 0),
      );
    expect(new Set(outcomes), report()).toEqual(new Set(['done', 'OUTCOME_UNKNOWN']));
    expect(timesFor('done')).toEqual(new Set([1]));
    // Both happens: that is why nobody can know.
    expect(timesFor('OUTCOME_UNKNOWN')).toEqual(new Set([0, 1]));
  });
});

describe('a create', () => {
  test.each<[string, string, number, Fault]>([
    ['OUTCOME_UNKNOWN', 'the connection is lost before it is done', 0, { kind: 'reset', at: 'request' }],
    ['OUTCOME_UNKNOWN', 'the connection is lost after it is done', 1, { kind: 'reset' }],
    ['OUTCOME_UNKNOWN', 'its answer is cut off', 1, { kind: 'cut' }],
    ['OUTCOME_UNKNOWN', 'its answer is half, as if that were all', 1, { kind: 'cut', end: 'clean' }],
    ['OUTCOME_UNKNOWN', 'its answer is empty', 1, { kind: 'end' }],
    ['UNAVAILABLE', 'the server goes down', 0, { kind: 'refuse', code: 503, retryAfterSeconds: 1 }],
    ['UPSTREAM_ERROR', 'the server fails', 0, { kind: 'refuse', code: 500 }],
    [
      'done',
      'the server was busy, and said when to come back',
      1,
      { kind: 'refuse', code: 429, retryAfterSeconds: 1 },
    ],
    ['TOO_MANY_REQUESTS', 'the server is busy', 0, { kind: 'refuse', code: 429 }],
    ['done', 'its answer arrives byte by byte', 1, { kind: 'slice' }],
    ['done', 'its answer arrives slowly', 1, { kind: 'slow', pauseMs: 3 }],
  ])('answers %s when %s, and is not sent again unasked', async (outcome, _, times, fault) => {
    const before = faults.log.length;
    faults.arm({ on: ON, when: { nth: 1 }, fault });
    const label = `only-${before}`;
    expect(await create(all, label)).toBe(outcome);
    expect(created(all).get(label) ?? 0).toBe(times);
    expect(faults.log).toHaveLength(before + 1);
  });

  test.each<[string, Fault]>([
    ['nothing comes', { kind: 'halfOpen' }],
    ['its answer does not end in time', { kind: 'slow', pauseMs: 100_000 }],
  ])('answers OUTCOME_UNKNOWN when %s', async (_, fault) => {
    const hurried = await bench({ deadlineMs: 500 });
    hurried.faults.arm({ on: ON, fault });
    expect(await create(hurried, 'only')).toBe('OUTCOME_UNKNOWN');
    expect(created(hurried).get('only')).toBe(1);
  });
});
