import { describe, expect, it } from 'vitest';
import { listAt, textAt } from '../real/support/exact-json.ts';
import { admin } from './support/api.ts';
import { newNamespace, uniqueName } from './support/namespace.ts';
import { bodyOf, configMap, created } from './support/objects.ts';

const namespace = await newNamespace();
const MAPS = `/api/v1/namespaces/${namespace}/configmaps`;

describe('the deletion of a collection', () => {
  async function labelled(label: string, count: number): Promise<void> {
    for (let index = 0; index < count; index++)
      await created(MAPS, configMap(uniqueName(), {}, { labels: { collection: label } }));
  }

  async function countOf(label: string): Promise<number> {
    return listAt(bodyOf(await admin.get(MAPS, { labelSelector: `collection=${label}` })), 'items').length;
  }

  it('answers what it deleted by the selector', async () => {
    await labelled('a', 2);
    await labelled('b', 1);
    const answer = await admin.delete(MAPS, { query: { labelSelector: 'collection=a' } });
    expect(answer).toMatchObject({ status: 200, json: { kind: 'ConfigMapList' } });
    expect(listAt(answer.json, 'items')).toHaveLength(2);
    expect([await countOf('a'), await countOf('b')]).toEqual([0, 1]);
  });

  it('answers an empty list when nothing matches', async () => {
    const answer = await admin.delete(MAPS, { query: { labelSelector: 'collection=none' } });
    expect(listAt(answer.json, 'items')).toEqual([]);
  });

  it('stops at the limit and says where to go on', async () => {
    await labelled('limited', 3);
    const answer = await admin.delete(MAPS, { query: { labelSelector: 'collection=limited', limit: 2 } });
    expect(listAt(answer.json, 'items')).toHaveLength(2);
    expect(textAt(answer.json, 'metadata', 'continue')).not.toBe('');
    expect(await countOf('limited')).toBe(1);
  });

  it.each([
    ['a dry run without a body deletes nothing', undefined, 1],
    ['a dry run in the query beside a body deletes', {}, 0],
  ])('%s', async (name, body, left) => {
    const label = name.length.toString();
    await labelled(label, 1);
    await admin.delete(MAPS, {
      query: { labelSelector: `collection=${label}`, dryRun: 'All' },
      ...(body && { body }),
    });
    expect(await countOf(label)).toBe(left);
  });

  it('does not go across namespaces', async () => {
    expect(
      await admin.delete('/api/v1/configmaps', { query: { labelSelector: 'collection=none' } }),
    ).toMatchObject({ status: 405, json: { reason: 'MethodNotAllowed' } });
  });
});
