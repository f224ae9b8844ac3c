import { describe, expect, it } from 'vitest';
import { CursorCodec } from '../../../src/watch/cursor.ts';

const SCOPE = { path: '/api/v1/pods', labelSelector: 'app=a' };
const INVALID = expect.objectContaining({ code: 'INVALID_CURSOR' });

describe('CursorCodec', () => {
  it('reads back what it wrote, digit by digit', () => {
    const version = '123456789012345678901234567890';
    expect(new CursorCodec(SCOPE, 'kubeconfig').read(new CursorCodec(SCOPE, 'kubeconfig').at(version))).toBe(
      version,
    );
  });

  it('reads the initial cursor as a fresh start', () => {
    const cursors = new CursorCodec(SCOPE, 'kubeconfig');
    expect(cursors.read(cursors.initial)).toBeUndefined();
  });

  it('writes what can stand in a URL', () => {
    expect(new CursorCodec(SCOPE, 'kubeconfig').at('5?>~')).toMatch(/^[\w-]+$/);
  });

  it('takes an absent and an empty selector for the same', () => {
    const cursor = new CursorCodec({ path: '/a' }, 'kubeconfig').at('5');
    expect(
      new CursorCodec({ path: '/a', labelSelector: '', fieldSelector: '' }, 'kubeconfig').read(cursor),
    ).toBe('5');
  });

  it.each([
    ['path', { ...SCOPE, path: '/api/v1/namespaces/a/pods' }],
    ['label selector', { ...SCOPE, labelSelector: 'app=b' }],
    ['field selector', { ...SCOPE, fieldSelector: 'metadata.name=a' }],
    ['kind of selector', { path: SCOPE.path, fieldSelector: SCOPE.labelSelector }],
  ])('refuses a cursor of another %s', (_, other) => {
    expect(() =>
      new CursorCodec(SCOPE, 'kubeconfig').read(new CursorCodec(other, 'kubeconfig').at('5')),
    ).toThrow(INVALID);
  });

  it('refuses a cursor of another kind of credentials, and says so', () => {
    const cursor = new CursorCodec(SCOPE, 'bearer').at('5');
    expect(() => new CursorCodec(SCOPE, 'kubeconfig').read(cursor)).toThrow(
      expect.objectContaining({
        code: 'INVALID_CURSOR',
        message:
          "the cursor was handed out to a bearer token and cannot be continued with the gateway's kubeconfig",
      }),
    );
  });

  it('refuses a cursor in which any character was changed, added or dropped', () => {
    const cursors = new CursorCodec(SCOPE, 'kubeconfig');
    const cursor = cursors.at('12345');
    for (let at = 0; at < cursor.length; at += 1) {
      const [head, tail] = [cursor.slice(0, at), cursor.slice(at + 1)];
      const other = cursor[at] === 'A' ? 'B' : 'A';
      expect(() => cursors.read(`${head}${other}${tail}`), `changed at ${at}`).toThrow(INVALID);
      expect(() => cursors.read(`${head}${tail}`), `dropped at ${at}`).toThrow(INVALID);
      expect(() => cursors.read(`${head}!${cursor.slice(at)}`), `added at ${at}`).toThrow(INVALID);
    }
  });

  it.each(['', 'x', '5', 'bnVsbA', 'W10', 'WzFd', 'A'.repeat(5000)])('refuses %s', (cursor) => {
    expect(() => new CursorCodec(SCOPE, 'kubeconfig').read(cursor)).toThrow(INVALID);
  });
});
