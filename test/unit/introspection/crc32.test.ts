import { crc32 } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combineCrc32 } from '../../../src/introspection/crc32.ts';

describe('the CRC-32 of two texts', () => {
  it('is that of one after the other', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (a, b) => {
        expect(combineCrc32(crc32(a), crc32(b), b.length)).toBe(crc32(Buffer.concat([a, b])));
      }),
    );
  });

  it('is right beyond what 32 bits count', () => {
    // 2^32 bytes of nothing in steps: doubled, and never in memory.
    let zeros = { crc: crc32(Buffer.alloc(1)), length: 1 };
    while (zeros.length < 2 ** 32) {
      zeros = { crc: combineCrc32(zeros.crc, zeros.crc, zeros.length), length: zeros.length * 2 };
    }
    const tail = Buffer.from('tail');
    const left = combineCrc32(combineCrc32(crc32('head'), zeros.crc, zeros.length), crc32(tail), tail.length);
    const right = combineCrc32(
      crc32('head'),
      combineCrc32(zeros.crc, crc32(tail), tail.length),
      zeros.length + tail.length,
    );
    expect(left).toBe(right);
  });
});
