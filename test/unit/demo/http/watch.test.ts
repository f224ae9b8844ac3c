import { EventEmitter, on } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { HandleResource, WatchFrame } from '../../../../demo/verbs/request.ts';
import { http2Session, sendHttp2, startServer } from './support.ts';

const WIDGETS = '/apis/example.com/v1/widgets?watch=1';
const TABLE = 'application/json;as=Table;g=meta.k8s.io;v=v1';
const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';
const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

const WIDGET = {
  kind: 'Widget',
  apiVersion: 'example.com/v1',
  metadata: { name: 'w', creationTimestamp: '2025-12-31T23:59:00Z', resourceVersion: '9' },
  spec: { color: 'red' },
};

const BOOKMARK = {
  kind: 'Widget',
  apiVersion: 'example.com/v1',
  metadata: { resourceVersion: '11', annotations: { 'k8s.io/initial-events-end': 'true' } },
};

const GONE = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code: 410 };

const FRAMES: readonly WatchFrame[] = [
  { type: 'ADDED', object: WIDGET },
  { type: 'BOOKMARK', object: BOOKMARK },
  { type: 'DELETED', object: WIDGET },
  { type: 'ERROR', object: GONE },
];

const watching: HandleResource = async (_, { resource }) => ({
  kind: 'watch',
  resource,
  events: (async function* () {
    yield* FRAMES;
  })(),
});

interface Frame {
  readonly type: string;
  readonly object: Readonly<Record<string, unknown>>;
}

async function framesOf(accept?: string): Promise<readonly Frame[]> {
  const { send } = await startServer(watching);
  const { body } = await send(WIDGETS, accept === undefined ? {} : { headers: { accept } });
  return body
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Frame);
}

test('a frame is a line with type and object, custom objects in alphabetical order', async () => {
  const { send } = await startServer(watching);
  const { body, headers } = await send(WIDGETS);
  expect(headers['content-type']).toBe('application/json');
  expect(body.split('\n')[0]).toBe(
    '{"type":"ADDED","object":{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"creationTimestamp":"2025-12-31T23:59:00Z","name":"w","resourceVersion":"9"},"spec":{"color":"red"}}}',
  );
  expect(body.endsWith('}\n')).toBe(true);
});

test('frames are never indented, whoever asks', async () => {
  const { send } = await startServer(watching);
  const { body } = await send(`${WIDGETS}&pretty=1`, { headers: { 'user-agent': 'curl/8' } });
  expect(body.trim().split('\n')).toHaveLength(FRAMES.length);
});

test('metadata alone keeps types and errors', async () => {
  const frames = await framesOf(`${METADATA},application/json`);
  expect(frames.map(({ type, object }) => [type, object['kind']])).toEqual([
    ['ADDED', 'PartialObjectMetadata'],
    ['BOOKMARK', 'PartialObjectMetadata'],
    ['DELETED', 'PartialObjectMetadata'],
    ['ERROR', 'Status'],
  ]);
});

test('the list form of metadata is accepted for a watch and then shows no object', async () => {
  expect((await framesOf(METADATA_LIST)).map(({ type }) => type)).toEqual(['ERROR']);
});

test('only the first table has columns, and a bookmark is a row of nothing', async () => {
  const [first, bookmark, last] = await framesOf(TABLE);
  expect(first?.object).toMatchObject({
    metadata: { resourceVersion: '9' },
    rows: [{ cells: ['w', 'red', null, null, '60s'] }],
  });
  expect(first?.object['columnDefinitions']).toHaveLength(5);
  expect(bookmark?.object).toMatchObject({
    columnDefinitions: null,
    metadata: { resourceVersion: '11' },
    rows: [
      {
        cells: ['', '<unknown>', '<unknown>', '<unknown>', '<unknown>'],
        object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
      },
    ],
  });
  expect(last).toMatchObject({ type: 'DELETED', object: { columnDefinitions: null } });
});

test('a watch is JSON or nothing', async () => {
  const { send } = await startServer(watching);
  const answer = await send(WIDGETS, { headers: { accept: 'application/yaml' } });
  expect(answer.status).toBe(406);
});

test('headers come before there is anything to tell, and each frame comes at once', async () => {
  const told = new EventEmitter();
  const { api } = await startServer(async (_, { resource, signal }) => ({
    kind: 'watch',
    resource,
    events: framesFrom(told, signal),
  }));
  const { body, headers } = await sendHttp2(http2Session(api), WIDGETS, api.tokens.admin);
  expect(headers[':status']).toBe(200);
  const chunks = body[Symbol.asyncIterator]();
  for (const type of ['ADDED', 'MODIFIED'] as const) {
    told.emit('frame', { type, object: {} });
    const { value } = (await chunks.next()) as { value: Buffer };
    expect(value.toString()).toBe(`{"type":"${type}","object":{}}\n`);
  }
});

async function* framesFrom(told: EventEmitter, signal: AbortSignal): AsyncGenerator<WatchFrame> {
  // Emitted below, with one frame each.
  for await (const [frame] of on(told, 'frame', { signal })) yield frame as WatchFrame;
}

test('a client that leaves is told to the watch', async () => {
  let left = (): void => undefined;
  const gone = new Promise<void>((resolve) => (left = resolve));
  const { api } = await startServer(async (_, { resource, signal }) => ({
    kind: 'watch',
    resource,
    events: (async function* () {
      yield { type: 'ADDED' as const, object: {} };
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      left();
    })(),
  }));
  const session = http2Session(api);
  const { body } = await sendHttp2(session, WIDGETS, api.tokens.admin);
  const ended = text(body).catch(() => undefined);
  session.destroy();
  await expect(gone).resolves.toBeUndefined();
  await ended;
});
