import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../src/projection/byte-writer.ts';

describe('ByteWriter', () => {
  it('appends bytes, parts of bytes, ASCII text and single bytes', () => {
    const writer = new ByteWriter();
    writer.write(Buffer.from('é'));
    writer.write(new TextEncoder().encode('abcdef'), 1, 3);
    writer.write(Buffer.from('xyz'), 2);
    writer.writeAscii('{"k":');
    writer.writeByte(0x7d);
    expect(writer.view().toString()).toBe('ébcz{"k":}');
    expect(writer.length).toBe(11);
  });

  it('grows to whatever is written', () => {
    const writer = new ByteWriter();
    const parts = Array.from({ length: 300 }, (_, i) => 'x'.repeat(i));
    for (const part of parts) {
      writer.writeAscii(part);
      writer.write(Buffer.from(part));
      writer.writeByte(0x2c);
    }
    expect(writer.take().toString()).toBe(parts.map((part) => `${part}${part},`).join(''));
  });

  it('forgets what is cut off and refuses to be cut to more than it has', () => {
    const writer = new ByteWriter();
    writer.writeAscii('abc');
    writer.truncate(1);
    writer.writeAscii('d');
    expect(writer.view().toString()).toBe('ad');
    expect(() => writer.truncate(3)).toThrow(RangeError);
    expect(() => writer.truncate(-1)).toThrow(RangeError);
  });

  it.each([1, 600, 1024, 100_000])(
    'is empty after %i bytes were taken, which later writes leave alone',
    (length) => {
      const writer = new ByteWriter();
      writer.writeAscii('a'.repeat(length));
      const taken = writer.take();
      expect(writer.length).toBe(0);
      writer.writeAscii('b'.repeat(length));
      expect(taken.toString()).toBe('a'.repeat(length));
      expect(writer.view().toString()).toBe('b'.repeat(length));
    },
  );

  it('gives nothing when nothing was written', () => {
    expect(new ByteWriter().take()).toHaveLength(0);
    expect(new ByteWriter().view()).toHaveLength(0);
  });
});
