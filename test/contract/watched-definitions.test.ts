import { describe, expect, it } from 'vitest';
import { waitUntil } from '../cluster/wait.ts';
import { textAt } from '../real/support/exact-json.ts';
import { admin, PATCH } from './support/api.ts';
import { newNamespace } from './support/namespace.ts';
import { bodyOf, created } from './support/objects.ts';
import { watch } from './support/watch.ts';
import { newWidgets } from './support/widgets.ts';

const namespace = await newNamespace();
const widgets = await newWidgets();
const PATH = widgets.path(namespace);
await created(PATH, widgets.object('w'));

async function versionNow(): Promise<string> {
  return textAt(bodyOf(await admin.get(PATH)), 'metadata', 'resourceVersion');
}

/** For a moment the answer is 429: the storage starts anew. */
async function untilListed(): Promise<void> {
  const missing = async () => {
    const { status } = await admin.get(PATH);
    return status === 200 ? undefined : `status ${status}`;
  };
  await waitUntil('widgets can be listed', missing, { timeoutMs: 20_000 });
}

// In this order: the last one leaves no definition.
describe('a watch of custom objects', () => {
  it("outlives a change of the definition's metadata", async () => {
    const stream = await watch(PATH, { query: { resourceVersion: await versionNow() } });
    await admin.patch(widgets.definition, PATCH.merge, { metadata: { labels: { a: 'b' } } });
    await admin.patch(`${PATH}/w`, PATCH.merge, { spec: { size: 1 } });
    expect(await stream.next()).toMatchObject({ type: 'MODIFIED', name: 'w' });
  });

  it("ends cleanly when the definition's spec changes, and starts again from a new list only", async () => {
    const before = await versionNow();
    const stream = await watch(PATH, { query: { resourceVersion: before } });
    const change = [{ op: 'add', path: '/spec/names/categories', value: ['all'] }];
    expect((await admin.patch(widgets.definition, PATCH.json, change)).status).toBe(200);
    expect(await stream.rest()).toEqual([]);
    await untilListed();
    const tooOld = await watch(PATH, { query: { resourceVersion: before } });
    expect(await tooOld.rest()).toMatchObject([{ type: 'ERROR', object: { reason: 'Expired', code: 410 } }]);
    const again = await watch(PATH, { query: { resourceVersion: await versionNow() } });
    await admin.patch(`${PATH}/w`, PATCH.merge, { spec: { size: 2 } });
    expect(await again.next()).toMatchObject({ type: 'MODIFIED', name: 'w' });
  });

  it('tells of the deletion of every object when the definition is deleted, and ends', async () => {
    const stream = await watch(PATH, { query: { resourceVersion: await versionNow() } });
    expect((await admin.delete(widgets.definition)).status).toBe(200);
    const frames = await stream.rest();
    expect(frames.at(-1)).toMatchObject({ type: 'DELETED', name: 'w' });
    const later = await admin.get(PATH, { watch: true });
    expect(later).toMatchObject({ status: 404, text: '404 page not found\n' });
    expect(later.headers['content-type']).toBe('text/plain; charset=utf-8');
  });
});
