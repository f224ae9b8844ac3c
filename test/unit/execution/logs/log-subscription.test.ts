import { describe, expect, it } from 'vitest';
import { KubegraphError } from '../../../../src/errors/kubegraph-error.ts';
import { loggedPod } from '../../logs/support/logged-pod.ts';
import { testEngine, valueOf } from '../../support/test-engine.ts';
import { change, FakeWatches, synced } from '../support/fake-events.ts';
import { subscribe, type Subscriber } from '../support/subscriber.ts';

const LOG = '/api/v1/namespaces/a/pods/x/log';
const time = (second: number): string => `2026-01-01T00:00:0${second}.000000000Z`;

interface LogLines {
  readonly lines: readonly object[];
  readonly cursor: string;
}

/** The pod `x`, whose container `c` has ended and left a log. */
async function logged(body: string) {
  const watches = new FakeWatches();
  const engine = await testEngine({ watches });
  engine.stub.on('GET', LOG, { body, contentType: 'text/plain' });
  const read = async (field: string): Promise<Subscriber> => {
    const asked = watches.asked.length;
    const subscriber = await subscribe(engine, `subscription { ${field} }`);
    // It looks for the workload, or for the pattern's engine, first.
    while (watches.asked.length === asked) await turn();
    const pod = loggedPod('x', { containers: { c: 'ended' }, restartPolicy: 'Never' });
    watches.latest.put(change('ADDED', 'x', pod), synced());
    return subscriber;
  };
  /** The code of the error that is all there is. */
  const refusal = async (field: string): Promise<unknown> => {
    const subscriber = await subscribe(engine, `subscription { ${field} }`);
    return (await subscriber.next())?.errors[0]?.extensions['code'];
  };
  return { engine, watches, read, refusal };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('podLogs', () => {
  it('brings lines and a cursor, and ends with the container', async () => {
    const { read, watches } = await logged(`${time(1)} one\n${time(2)} two\n`);
    const subscriber = await read(
      'l: podLogs(namespace: "a", name: "x") { __typename c: cursor lines { __typename pod container timestamp t: line isTruncated isReplaced } }',
    );
    const line = { __typename: 'LogLine', pod: 'x', container: 'c', isTruncated: false, isReplaced: false };
    expect((await subscriber.next())?.data).toEqual({
      l: {
        __typename: 'LogLines',
        c: expect.any(String),
        lines: [
          { ...line, timestamp: time(1), t: 'one' },
          { ...line, timestamp: time(2), t: 'two' },
        ],
      },
    });
    expect(await subscriber.next()).toBeUndefined();
    expect(subscriber.answer.isEnded).toBe(true);
    expect(watches.asked[0]?.scope).toEqual({
      path: '/api/v1/namespaces/a/pods',
      fieldSelector: 'metadata.name=x',
    });
  });

  it('goes on behind a cursor', async () => {
    const { read, engine } = await logged(`${time(1)} one\n`);
    const field = (from: string): string =>
      `podLogs(namespace: "a", name: "x", tailLines: 1, resumeFrom: "${from}") { cursor lines { line } }`;
    const first = await read(field(''));
    const { cursor } = valueOf(await first.next(), 'podLogs') as LogLines;
    engine.stub.on('GET', LOG, { body: `${time(1)} one\n${time(1)} two\n`, contentType: 'text/plain' });
    const second = await read(field(cursor));
    expect(valueOf(await second.next(), 'podLogs')).toMatchObject({ lines: [{ line: 'two' }] });
    expect(engine.stub.calls.at(-1)).toContain('sinceTime=2026-01-01T00:00:01Z&timestamps=true');
  });

  it('shows the lines that a pattern finds something in, and moves on behind the others', async () => {
    const { read } = await logged(`${time(1)} an error\n${time(2)} well\n`);
    const subscriber = await read('podLogs(namespace: "a", name: "x", grep: "err.r") { lines { line } }');
    expect((await subscriber.next())?.data).toEqual({ podLogs: { lines: [{ line: 'an error' }] } });
    expect(await subscriber.next()).toBeUndefined();
  });

  it('divides what has come into payloads that are not large', async () => {
    const { read } = await logged(`${time(1)} ${'x'.repeat(1000)}\n`.repeat(1000));
    const subscriber = await read('podLogs(namespace: "a", name: "x") { lines { line } }');
    const sizes: number[] = [];
    let count = 0;
    for (let next = await subscriber.payload(); next !== undefined; next = await subscriber.payload()) {
      sizes.push(next.json.length);
      count += (JSON.parse(next.json.toString()) as { data: { podLogs: LogLines } }).data.podLogs.lines
        .length;
    }
    expect(count).toBe(1000);
    expect(Math.max(...sizes)).toBeLessThan(300_000);
  });

  it.each([
    ['a pattern that is none', 'name: "x", grep: "("', 'BAD_USER_INPUT'],
    ['a name that says more', 'name: "x,metadata.name=y"', 'BAD_USER_INPUT'],
    ['a damaged cursor', 'name: "x", resumeFrom: "nonsense"', 'INVALID_CURSOR'],
  ])('refuses %s', async (_, args, code) => {
    const { refusal } = await logged('');
    expect(await refusal(`podLogs(namespace: "a", ${args}) { lines { line } }`)).toBe(code);
  });

  it('looks at the pod where nobody lets it be watched, and gives its seat back at the end', async () => {
    const { engine, watches } = await logged(`${time(1)} one\n`);
    const pod = loggedPod('x', { containers: { c: 'ended' }, restartPolicy: 'Never' });
    engine.stub.on('GET', '/api/v1/namespaces/a/pods/x', { body: pod });
    const field = 'podLogs(namespace: "a", name: "x") { lines { container line } }';
    const subscriber = await subscribe(engine, `subscription { ${field} }`);
    while (watches.asked.length === 0) await turn();
    watches.latest.end(new KubegraphError('FORBIDDEN', 'no watch for you'));
    const line = { container: 'c', line: 'one' };
    expect((await subscriber.next())?.data).toEqual({ podLogs: { lines: [line] } });
    expect(await subscriber.next()).toBeUndefined();
    expect(watches.seats.map(({ isClosed }) => isClosed)).toEqual([true]);
  });

  it('ends with what ends its watch, and a cursor of its own', async () => {
    const { read, watches } = await logged(`${time(1)} one\n`);
    const field = 'workloadLogs(namespace: "a", labelSelector: "app=x") { cursor lines { line } }';
    const subscriber = await read(field);
    const { cursor } = valueOf(await subscriber.next(), 'workloadLogs') as LogLines;
    const extensions = { cursor: 'of the watch', retryAfterMs: 5 };
    watches.latest.end(new KubegraphError('LIFETIME_EXCEEDED', 'too old', { extensions }));
    const last = await subscriber.next();
    expect(last?.errors[0]?.extensions).toMatchObject({ code: 'LIFETIME_EXCEEDED', cursor });
    expect(subscriber.answer.retryAfterMs).toBe(5);
  });
});

describe('workloadLogs', () => {
  const SELECTOR = {
    matchLabels: { app: 'x' },
    matchExpressions: [{ key: 'canary', operator: 'DoesNotExist' }],
  };

  it.each([
    ['DEPLOYMENT', '/apis/apps/v1/namespaces/a/deployments/w'],
    ['STATEFULSET', '/apis/apps/v1/namespaces/a/statefulsets/w'],
    ['DAEMONSET', '/apis/apps/v1/namespaces/a/daemonsets/w'],
    ['JOB', '/apis/batch/v1/namespaces/a/jobs/w'],
  ])('of a %s are of the pods that its selector finds', async (kind, path) => {
    const { read, watches, engine } = await logged(`${time(1)} one\n`);
    engine.stub.on('GET', path, { body: { spec: { selector: SELECTOR } } });
    const subscriber = await read(
      `workloadLogs(namespace: "a", kind: ${kind}, name: "w", follow: false) { lines { pod line } }`,
    );
    expect((await subscriber.next())?.data).toEqual({ workloadLogs: { lines: [{ pod: 'x', line: 'one' }] } });
    expect(await subscriber.next()).toBeUndefined();
    expect(watches.asked[0]?.scope).toEqual({
      path: '/api/v1/namespaces/a/pods',
      labelSelector: 'app=x,!canary',
    });
  });

  it('of a Job end when it is complete', async () => {
    const { read, engine } = await logged(`${time(1)} one\n`);
    const complete = { type: 'Complete', status: 'True' };
    engine.stub.on('GET', '/apis/batch/v1/namespaces/a/jobs/w', {
      body: { spec: { selector: SELECTOR }, status: { conditions: [complete] } },
    });
    engine.stub.on('GET', '/api/v1/namespaces/a/pods', {
      body: { items: [{ metadata: { uid: 'uid of x' } }] },
    });
    const subscriber = await read('workloadLogs(namespace: "a", kind: JOB, name: "w") { lines { line } }');
    expect((await subscriber.next())?.data).toEqual({ workloadLogs: { lines: [{ line: 'one' }] } });
    expect(await subscriber.next()).toBeUndefined();
    expect(engine.stub.calls.at(-1)).toContain('/pods?labelSelector=');
  });

  it('never means all pods because a selector is missing', async () => {
    const { refusal, engine, watches } = await logged('');
    engine.stub.on('GET', '/apis/apps/v1/namespaces/a/deployments/w', { body: { spec: { selector: {} } } });
    const code = await refusal(
      'workloadLogs(namespace: "a", kind: DEPLOYMENT, name: "w") { lines { line } }',
    );
    expect(code).toBe('UPSTREAM_ERROR');
    expect(watches.asked).toEqual([]);
  });

  it.each([
    '',
    ', kind: JOB',
    ', name: "w"',
    ', labelSelector: ""',
    ', kind: JOB, name: "w", labelSelector: "a=b"',
  ])('refuses arguments that do not say whose logs: namespace%s', async (args) => {
    const { refusal } = await logged('');
    expect(await refusal(`workloadLogs(namespace: "a"${args}) { lines { line } }`)).toBe('BAD_USER_INPUT');
  });
});
