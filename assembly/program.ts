// What to take out of each item, as src/projection/wasm/encode-program.ts lays it out in memory. Places are addresses.

@unmanaged
export class Program {
  /** Bit `length % 32` is set for each key. */
  keyLengths: u32;
  keyCount: u32;
  keys: usize;
  outputCount: u32;
  outputs: usize;
}

@unmanaged
export class Key {
  bytes: usize;
  length: u32;
  /** The positions of the outputs that read this key, as u32. */
  positions: usize;
  positionCount: u32;
}

export const LEAF = 0;
export const REQUIRED_LEAF = 1;
export const NESTED = 2;
export const MEMBERS = 3;
export const MEMBER = 4;
export const ID = 5;
export const SELF = 6;

@unmanaged
export class Selected {
  kind: u32;
  /** The text of the output where its key is absent, from its comma on. */
  absent: usize;
  /** Where the value starts in that text. Of an ID it is the value's head, since an id is never absent. */
  absentValue: usize;
  absentEnd: usize;
  /** Of all but LEAF and REQUIRED_LEAF. */
  program: usize;
}

export function keyAt(program: Program, index: u32): Key {
  return changetype<Key>(program.keys + index * offsetof<Key>());
}

export function outputAt(program: Program, position: u32): Selected {
  return changetype<Selected>(program.outputs + position * offsetof<Selected>());
}
