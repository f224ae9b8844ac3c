import type { ByteWriter } from './byte-writer.ts';
import type { CompiledProgram } from './compiled-program.ts';
import type { JsonSource } from './json-source.ts';

/** What to take out of each item of a list, and where to write it: `programs[i]` writes into `outputs[i]`. */
export interface ItemOutputs {
  /** None: items are only counted. */
  readonly programs: readonly CompiledProgram[];
  readonly outputs: readonly ByteWriter[];
}

/** Reads the items of one list. There are two, which write the same bytes and refuse the same items. */
export interface ItemEngine {
  /** How many items the last `read` has consumed: 1 or more. */
  readonly items: number;
  /** Whether it has also consumed the comma behind the last of them. */
  readonly endsInComma: boolean;
  /**
   * Consumes the item at `at`, and any number of those behind it; answers where the rest starts. `isFirst` says that no comma
   * goes before the first. Throws TRUNCATED when the source ends inside the item at `at`, and MalformedJson; nothing of
   * that item is then written.
   */
  read(at: number, isFirst: boolean): number;
}

/** Gets an engine ready for the items of one list, which `source` will show. */
export type ItemEngineFactory = (source: JsonSource, outputs: ItemOutputs) => ItemEngine;
