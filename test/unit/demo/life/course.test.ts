import { describe, expect, it } from 'vitest';
import { EVENTS, LEASES, PODS, REPLICA_SETS } from '../../../../demo/life/kinds.ts';
import { MINUTE } from '../../../../demo/life/time.ts';
import type { Change } from '../../../../demo/storage/store.ts';
import { type Bench, startLife } from './support.ts';

const WATCHED = [PODS, REPLICA_SETS, EVENTS, LEASES];

/** Every change, as text. */
function recorded(bench: Bench): string[] {
  const history: string[] = [];
  const note = (change: Change): void => {
    history.push(JSON.stringify([change.type, change.object]));
  };
  for (const { key } of WATCHED) bench.store.onChange(key, note);
  return history;
}

function courseOf(seed: string): string[] {
  const bench = startLife({ quiet: false, seed });
  const history = recorded(bench);
  bench.clock.advance(10 * MINUTE);
  bench.life.stop();
  return history;
}

describe('a living cluster', () => {
  it('takes the same course with the same seed', () => {
    const course = courseOf('one');
    expect(course.length).toBeGreaterThan(500);
    expect(courseOf('one')).toEqual(course);
  });

  it('takes another course with another seed', () => {
    expect(courseOf('one')).not.toEqual(courseOf('two'));
  });

  it('rolls out, replaces, restarts and scales by itself', () => {
    const bench = startLife({ quiet: false });
    const podsBefore = bench.list(PODS, 'shop').map(({ metadata }) => metadata.uid);
    bench.clock.advance(10 * MINUTE);
    const reasons = new Set(bench.list(EVENTS).map((event) => event['reason']));
    expect([...reasons]).toEqual(
      expect.arrayContaining([
        'ScalingReplicaSet',
        'SuccessfulRescale',
        'Killing',
        'BackOff',
        'Unhealthy',
        'Sailing',
      ]),
    );
    expect(bench.list(PODS, 'shop').map(({ metadata }) => metadata.uid)).not.toEqual(podsBefore);
    bench.life.stop();
  });

  it('stays within bounds, however long it lives', () => {
    const bench = startLife({ quiet: false });
    bench.clock.advance(20 * MINUTE);
    const counts = (): readonly number[] => [bench.list(PODS).length, bench.list(REPLICA_SETS).length];
    const before = counts();
    bench.clock.advance(20 * MINUTE);
    for (const [at, count] of counts().entries()) expect(count).toBeLessThan((before[at] ?? 0) + 15);
    expect(bench.list(EVENTS).length).toBeLessThanOrEqual(1000);
    expect(bench.clock.waiting).toBeLessThan(100);
    bench.life.stop();
  });

  it('leaves no timer behind when it is stopped', () => {
    const bench = startLife({ quiet: false });
    bench.life.stop();
    expect(bench.clock.waiting).toBe(0);
    const { revision } = bench.store;
    bench.clock.advance(10 * MINUTE);
    expect(bench.store.revision).toBe(revision);
  });
});

describe('a quiet cluster', () => {
  it('does not change by itself', () => {
    const bench = startLife({ quiet: true });
    bench.clock.advance(1000);
    const { revision } = bench.store;
    bench.clock.advance(60 * MINUTE);
    expect(bench.store.revision).toBe(revision);
  });

  it('still reacts to what is written', () => {
    const bench = startLife({ quiet: true });
    const pod = bench.list(PODS, 'shop').find(({ metadata }) => metadata.labels?.['app'] === 'web');
    bench.store.remove(PODS.key, 'shop', pod?.metadata.name ?? '');
    bench.clock.advance(MINUTE);
    const running = bench
      .list(PODS, 'shop')
      .filter(({ metadata, status }) => metadata.labels?.['app'] === 'web' && status?.phase === 'Running');
    expect(running).toHaveLength(3);
  });
});
