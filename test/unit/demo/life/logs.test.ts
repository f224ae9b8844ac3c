import { describe, expect, it } from 'vitest';
import type { LogLine, LogQuery } from '../../../../demo/streams/logs.ts';
import { type Pod, PODS } from '../../../../demo/life/kinds.ts';
import { MINUTE, SECOND } from '../../../../demo/life/time.ts';
import { type Bench, startLife } from './support.ts';

function podOf(bench: Bench, app: string): Pod {
  const pod = bench.list(PODS, 'shop').find(({ metadata }) => metadata.labels?.['app'] === app);
  if (pod === undefined) throw new Error(`no pod of ${app}`);
  return pod;
}

function query(bench: Bench, app: string, options: Partial<LogQuery> = {}): LogQuery {
  const pod = podOf(bench, app);
  const container = pod.spec.containers[0]?.name ?? '';
  return {
    namespace: 'shop',
    pod: pod.metadata.name,
    container,
    previous: false,
    follow: false,
    signal: new AbortController().signal,
    ...options,
  };
}

function past(bench: Bench, app: string, options: Partial<LogQuery> = {}): readonly LogLine[] {
  return bench.life.logs.read(query(bench, app, options))?.past ?? [];
}

describe('the log of a container', () => {
  it('has lines in the order of time, none of them in the future, and no more than a rotated file has', () => {
    const bench = startLife({ quiet: false });
    const lines = past(bench, 'web');
    expect(lines).toHaveLength(2000);
    const times = lines.map(({ time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1)).toBeLessThanOrEqual(bench.clock.now());
    bench.life.stop();
  });

  it('is the same each time it is read, and grows', () => {
    const bench = startLife({ quiet: false });
    const before = past(bench, 'db');
    expect(past(bench, 'db')).toEqual(before);
    bench.clock.advance(20 * SECOND);
    const after = past(bench, 'db');
    const common = after.findIndex(({ time }) => time === before.at(-1)?.time);
    expect(after.slice(0, common + 1)).toEqual(before.slice(-common - 1));
    expect(after.length - common - 1).toBeGreaterThanOrEqual(8);
    bench.life.stop();
  });

  it('is that of the last run while a container waits to be restarted, and the previous one', () => {
    const bench = startLife();
    const lines = past(bench, 'recommender');
    expect(lines[0]?.text).toBe('starting demo.kubegraph.dev/shop/recommender:0.1.0-crash');
    expect(lines.at(-1)?.text).toBe('fatal: exiting with status 1');
    expect(past(bench, 'recommender', { previous: true })).toEqual(lines);
  });

  it('does not exist for a container that has no earlier run, or has not started', () => {
    const bench = startLife();
    expect(bench.life.logs.read(query(bench, 'web', { previous: true }))).toBeUndefined();
    bench.store.remove(PODS.key, 'shop', podOf(bench, 'worker').metadata.name);
    bench.clock.advance(10);
    const creating = bench.list(PODS, 'shop').find(({ status }) => status?.phase === 'Pending');
    expect(
      bench.life.logs.read(query(bench, 'worker', { pod: creating?.metadata.name ?? '' })),
    ).toBeUndefined();
  });

  it('does not grow in a quiet cluster', () => {
    const bench = startLife();
    const before = past(bench, 'web');
    bench.clock.advance(10 * MINUTE);
    expect(past(bench, 'web')).toEqual(before);
  });

  it('is followed line by line until the pod is gone', async () => {
    const bench = startLife({ quiet: false });
    const asked = query(bench, 'db', { follow: true });
    const followed: LogLine[] = [];
    const { future } = bench.life.logs.read(asked) ?? { future: [] };
    const reading = (async () => {
      for await (const line of future) followed.push(line);
    })();
    for (let second = 0; second < 20; second++) {
      await turn();
      bench.clock.advance(SECOND);
    }
    await turn();
    const all = past(bench, 'db');
    expect(followed.length).toBeGreaterThan(5);
    expect(followed).toEqual(all.slice(-followed.length));
    bench.store.remove(PODS.key, asked.namespace, asked.pod);
    await reading;
    bench.life.stop();
  });

  it('is no longer followed once nobody wants it', async () => {
    const bench = startLife({ quiet: false });
    const abort = new AbortController();
    const { future } = bench.life.logs.read(query(bench, 'db', { follow: true, signal: abort.signal })) ?? {
      future: [],
    };
    const timers = bench.clock.waiting;
    const reading = (async () => {
      for await (const _line of future) abort.abort();
    })();
    await turn();
    abort.abort();
    await reading;
    expect(bench.clock.waiting).toBe(timers);
    bench.life.stop();
  });
});

/** Lets what waits for promises go on. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
