import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import type { KubeObject } from '../../../../demo/api/object.ts';
import { openLog } from '../../../../demo/streams/log.ts';
import type { LogLine, LogQuery, LogSource } from '../../../../demo/streams/logs.ts';

const NOW = Date.parse('2026-01-01T00:01:00Z');
const line = (second: number, words = `line ${second}`): LogLine => ({
  time: Date.parse('2026-01-01T00:00:00Z') + second * 1000,
  text: words,
});

function pod(
  spec: Readonly<Record<string, unknown>> = { nodeName: 'n', containers: [{ name: 'a' }] },
): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'ns' }, spec };
}

const SOURCE: LogSource = {
  read: ({ previous }) =>
    previous
      ? undefined
      : {
          past: [line(1), line(2), line(3)],
          future: (async function* () {
            yield line(4);
          })(),
        },
};

function open(query: string, { of = pod(), source = SOURCE } = {}): AsyncIterable<Buffer> | undefined {
  const { signal } = new AbortController();
  return openLog({ pod: of, query: new URLSearchParams(query), source, now: NOW, signal });
}

async function read(query: string): Promise<string> {
  return text(open(query) ?? Readable.from([]));
}

describe('what is shown', () => {
  test.each([
    ['', 'line 1\nline 2\nline 3\n'],
    ['follow=true', 'line 1\nline 2\nline 3\nline 4\n'],
    ['tailLines=1', 'line 3\n'],
    ['tailLines=0', ''],
    ['tailLines=9', 'line 1\nline 2\nline 3\n'],
    ['tailLines=1&follow=1', 'line 3\nline 4\n'],
    ['limitBytes=9', 'line 1\nli'],
    ['sinceSeconds=58', 'line 2\nline 3\n'],
    ['sinceTime=2026-01-01T00:00:03Z', 'line 3\n'],
    ['tailLines=1&timestamps=true', '2026-01-01T00:00:03.000000000Z line 3\n'],
  ])('?%s', async (query, expected) => {
    expect(await read(query)).toBe(expected);
  });

  test('times have nine digits of a second', async () => {
    const source: LogSource = {
      read: () => ({ past: [{ time: NOW + 0.25, text: 'x' }], future: (async function* () {})() }),
    };
    expect(await text(open('timestamps=1', { source }) ?? Readable.from([]))).toBe(
      '2026-01-01T00:01:00.000250000Z x\n',
    );
  });

  test('the source is told what is wanted', () => {
    const asked: LogQuery[] = [];
    open('container=b&follow=1', {
      of: pod({ nodeName: 'n', containers: [{ name: 'a' }, { name: 'b' }] }),
      source: {
        read: (query) => {
          asked.push(query);
          return SOURCE.read(query);
        },
      },
    });
    expect(asked).toMatchObject([
      { namespace: 'ns', pod: 'p', container: 'b', follow: true, previous: false },
    ]);
  });

  test('a pod without a node has no log, which is no error', () => {
    expect(open('', { of: pod({ containers: [{ name: 'a' }] }) })).toBeUndefined();
  });
});

describe('what is refused, in the real server’s words', () => {
  const many = pod({
    nodeName: 'n',
    initContainers: [{ name: 'ini' }],
    containers: [{ name: 'a' }, { name: 'b' }],
  });

  test.each([
    ['', many, 'a container name must be specified for pod p, choose one of: [ini a b]'],
    ['container=zz', many, 'container zz is not valid for pod p'],
    ['tailLines=x', pod(), 'strconv.ParseInt: parsing "x": invalid syntax'],
    [
      'sinceTime=foo',
      pod(),
      'parsing time "foo" as "2006-01-02T15:04:05Z07:00": cannot parse "foo" as "2006"',
    ],
    ['previous=1', pod(), 'previous terminated container "a" in pod "p" not found'],
  ])('400 for ?%s', (query, of, message) => {
    expect(() => open(query, { of })).toThrow(expect.objectContaining({ code: 400, message }));
  });

  test.each([
    ['tailLines=-2', 'tailLines: Invalid value: -2: must be greater than or equal to 0'],
    ['limitBytes=0', 'limitBytes: Invalid value: 0: must be greater than 0'],
    ['sinceSeconds=0', 'sinceSeconds: Invalid value: 0: must be greater than 0'],
    ['stream=Stdout', 'stream: Forbidden: may not be specified'],
    [
      'sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z',
      '[]: Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified',
    ],
  ])('422 for ?%s', (query, problem) => {
    const message = `PodLogOptions "p" is invalid: ${problem}`;
    expect(() => open(query)).toThrow(expect.objectContaining({ code: 422, message }));
  });
});
