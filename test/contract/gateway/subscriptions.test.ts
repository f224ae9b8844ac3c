import { describe, expect, it, onTestFinished } from 'vitest';
import { type EventStream, subscribeOverSse, type StreamedEvent } from '../../real/support/event-stream.ts';
import { at, textAt } from '../../real/support/exact-json.ts';
import { admin, PATCH } from '../support/api.ts';
import { gatewayAs } from '../support/gateway.ts';
import { newNamespace } from '../support/namespace.ts';
import { configMap, created } from '../support/objects.ts';
import { newWidgets } from '../support/widgets.ts';

const widgets = await newWidgets();
const namespace = await newNamespace();
const gateway = await gatewayAs();
const MAPS = `/api/v1/namespaces/${namespace}/configmaps`;

async function subscribe(field: string, selection = 'metadata { name labels }'): Promise<EventStream> {
  const stream = await subscribeOverSse(
    gateway.url,
    `subscription { ${field} { type cursor object { ${selection} } } }`,
  );
  onTestFinished(() => stream.close());
  return stream;
}

function described(events: readonly StreamedEvent[]): readonly string[] {
  return events.map(({ type, object }) =>
    type === 'SYNCED' ? type : `${type} ${textAt(object, 'metadata', 'name')}`,
  );
}

async function next(stream: EventStream, count: number): Promise<readonly StreamedEvent[]> {
  let left = count;
  return stream.until(() => --left === 0);
}

describe('a subscription', () => {
  it('starts with what is there and goes on with each change', async () => {
    await created(MAPS, configMap('a', {}, { labels: { topic: 'all' } }));
    const stream = await subscribe(`configMaps(namespace: "${namespace}", labelSelector: "topic=all")`);
    expect(described(await stream.snapshot())).toEqual(['ADDED a', 'SYNCED']);
    await created(MAPS, configMap('b', {}, { labels: { topic: 'all' } }));
    await admin.patch(`${MAPS}/a`, PATCH.merge, { metadata: { labels: { changed: 'yes' } } });
    await admin.delete(`${MAPS}/b`);
    expect(described(await next(stream, 3))).toEqual(['ADDED b', 'MODIFIED a', 'DELETED b']);
  });

  it('tells when an object enters and leaves its selector', async () => {
    const stream = await subscribe(`configMaps(namespace: "${namespace}", labelSelector: "in=yes")`);
    expect(described(await stream.snapshot())).toEqual(['SYNCED']);
    await created(MAPS, configMap('mover'));
    await admin.patch(`${MAPS}/mover`, PATCH.merge, { metadata: { labels: { in: 'yes' } } });
    await admin.patch(`${MAPS}/mover`, PATCH.merge, { metadata: { labels: { in: 'no' } } });
    expect(described(await next(stream, 2))).toEqual(['ADDED mover', 'DELETED mover']);
  });

  it('to custom objects keeps every digit', async () => {
    const stream = await subscribe(
      `${widgets.fieldName}s(namespace: "${namespace}")`,
      'metadata { name } spec { size }',
    );
    expect(described(await stream.snapshot())).toEqual(['SYNCED']);
    const body = JSON.stringify(widgets.object('big', { size: 'SIZE' })).replace(
      '"SIZE"',
      '9007199254740993',
    );
    await admin.post(widgets.path(namespace), body);
    expect(at((await stream.event()).object, 'spec', 'size')).toBe(9007199254740993n);
  });

  it('outlives a change of the definition that it follows', async () => {
    const stream = await subscribe(
      `${widgets.fieldName}s(namespace: "${namespace}", labelSelector: "topic=edit")`,
    );
    expect(described(await stream.snapshot())).toEqual(['SYNCED']);
    const change = [{ op: 'add', path: '/spec/names/categories', value: ['all'] }];
    expect((await admin.patch(widgets.definition, PATCH.json, change)).status).toBe(200);
    await untilCreated('later');
    const events = await stream.until(({ type }) => type === 'ADDED');
    expect(described(events).at(-1)).toBe('ADDED later');
  });

  /** For a moment the server answers 429: the storage starts anew. */
  async function untilCreated(name: string): Promise<void> {
    const object = widgets.object(name, {}, { labels: { topic: 'edit' } });
    for (;;) {
      const { status, text } = await admin.post(widgets.path(namespace), object);
      if (status === 201) return;
      if (status !== 429) throw new Error(text);
    }
  }
});
