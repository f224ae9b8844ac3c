import { describe, expect, it } from 'vitest';
import { parseFrame } from '../../../src/watch/wire/watch-frame.ts';
import { bookmark, errorFrame, frame, listEnd, objectJson } from './support/objects.ts';

const parse = (text: string) => parseFrame(Buffer.from(text.trimEnd()));

describe('parseFrame', () => {
  it.each(['ADDED', 'MODIFIED', 'DELETED'])('reads %s with the bytes of the object', (type) => {
    const object = `{ "metadata": {"name":"a","uid":"u","resourceVersion":"5"},"n":12345678901234567890 }`;
    expect(parse(`{"type":"${type}","object":${object}}`)).toEqual({
      kind: 'change',
      type,
      object: { key: '/a', uid: 'u', resourceVersion: '5', bytes: Buffer.from(object) },
    });
  });

  it('takes the members in any order and ignores others', () => {
    const text = `{"x":{"type":"no"},"object":${objectJson('a', 1)},"type":"ADDED"}`;
    expect(parse(text)).toMatchObject({ kind: 'change', type: 'ADDED' });
  });

  it('reads a bookmark, whatever a kind adds to it', () => {
    const object = '{"kind":"Pod","metadata":{"resourceVersion":"9"},"spec":{"containers":null}}';
    expect(parse(frame('BOOKMARK', object))).toEqual({
      kind: 'bookmark',
      resourceVersion: '9',
      endsInitialEvents: false,
    });
    expect(parse(bookmark(9))).toMatchObject({ endsInitialEvents: false });
  });

  it('knows the bookmark that ends a streaming list', () => {
    expect(parse(listEnd(9))).toMatchObject({
      kind: 'bookmark',
      resourceVersion: '9',
      endsInitialEvents: true,
    });
  });

  it('reads an ERROR as the error that its Status describes', () => {
    expect(parse(errorFrame(410, 'Expired'))).toMatchObject({ kind: 'error', error: { code: 'EXPIRED' } });
  });

  it.each([
    ['an unknown type', frame('CHANGED', objectJson('a', 1))],
    ['no type', `{"object":${objectJson('a', 1)}}`],
    ['no object', '{"type":"ADDED"}'],
    ['a whole list', '{"kind":"PodList","metadata":{},"items":[]}'],
    ['a bookmark without a version', frame('BOOKMARK', '{"metadata":{}}')],
    ['a bookmark without metadata', frame('BOOKMARK', '{}')],
    ['an ERROR without a Status', frame('ERROR', 'null')],
    ['HTML', '<html></html>'],
    ['half a frame', '{"type":"ADDED","object":{"metadata":{"name":"a'],
  ])('refuses %s', (_, text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'UPSTREAM_ERROR' }));
  });
});
