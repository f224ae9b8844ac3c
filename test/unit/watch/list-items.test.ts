import { describe, expect, it } from 'vitest';
import { parseListPage } from '../../../src/watch/wire/list-items.ts';

const SENSELESS = expect.objectContaining({ code: 'UPSTREAM_ERROR' });
const ITEM =
  '{"metadata":{"name":"a","namespace":"n","uid":"u","resourceVersion":"7"},"big":9007199254740993 }';
const CUSTOM_ITEM =
  '{"apiVersion":"x/v1","kind":"X","metadata":{"managedFields":[{"f:metadata":{"name":"no"}}],"name":"b","resourceVersion":"8","uid":"v"}}';

const page = (text: string) => parseListPage(Buffer.from(text));

describe('parseListPage', () => {
  it('reads a page of a built-in list and keeps the bytes of its items', () => {
    const result = page(
      `{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"10","continue":"t"},"items":[${ITEM}, ${ITEM}]}`,
    );
    expect(result).toMatchObject({ resourceVersion: '10', continueToken: 't' });
    expect(result.items[1]).toEqual({ key: 'n/a', uid: 'u', resourceVersion: '7', bytes: Buffer.from(ITEM) });
    expect(result.items).toHaveLength(2);
  });

  it('reads a list of custom resources, whose metadata follows the items', () => {
    const result = page(
      `{"apiVersion":"x/v1","items":[${CUSTOM_ITEM}],"kind":"XList","metadata":{"continue":"","resourceVersion":"10"}}\n`,
    );
    expect(result).toMatchObject({ resourceVersion: '10', continueToken: undefined });
    expect(result.items).toEqual([
      { key: '/b', uid: 'v', resourceVersion: '8', bytes: Buffer.from(CUSTOM_ITEM) },
    ]);
  });

  it.each(['null', '[]', '[ ]'])('reads "items":%s as no items', (items) => {
    expect(page(`{"metadata":{"resourceVersion":"10"},"items":${items}}`).items).toEqual([]);
  });

  it('does not keep the page in memory with its items', () => {
    const [item] = page(`{"metadata":{"resourceVersion":"10"},"items":[${ITEM}]}`).items;
    expect(item?.bytes.buffer.byteLength).toBe(ITEM.length);
  });

  it.each([
    ['no list', ITEM],
    [
      'an item without a name',
      '{"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"resourceVersion":"1"}}]}',
    ],
    ['an item without a version', '{"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"a"}}]}'],
    ['an item without metadata', '{"metadata":{"resourceVersion":"1"},"items":[{}]}'],
    ['a list without a version', '{"metadata":{},"items":[]}'],
    ['HTML', '<html></html>'],
  ])('refuses %s', (_, text) => {
    expect(() => page(text)).toThrow(SENSELESS);
  });

  it('refuses a list that breaks off, wherever it does', () => {
    const text = `{"metadata":{"resourceVersion":"10"},"items":[${ITEM},${ITEM}]`;
    for (let end = 0; end < text.length; end += 1) {
      expect(() => page(text.slice(0, end)), text.slice(0, end)).toThrow(SENSELESS);
    }
  });
});
