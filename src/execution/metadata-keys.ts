import type { ObjectProgram, Output } from '../projection/program.ts';
import { METADATA_KEYS } from '../protobuf/meta-messages.ts';

/** What an id is made of. */
const OF_IDS = ['namespace', 'name'];

/**
 * The keys of `metadata` that programs over objects read. Undefined when protobuf does not tell one of them, or one below it:
 * fields that are newer than its table would be dropped without a word, while JSON brings them.
 *
 * @param programs that need metadata only.
 */
export function metadataKeys(programs: readonly ObjectProgram[]): ReadonlySet<string> | undefined {
  const keys = new Set<string>();
  return programs.every((program) => program.outputs.every((output) => addKeys(output, keys)))
    ? keys
    : undefined;
}

/** False when it reads something else. */
function addKeys(output: Output, keys: Set<string>): boolean {
  switch (output.kind) {
    case 'literal':
      return true;
    case 'computed':
      if (output.reads === 'nothing') return true;
      for (const key of OF_IDS) keys.add(key);
      return output.idHead !== undefined;
    case 'self':
      return output.program.outputs.every((each) => addKeys(each, keys));
    default:
      return output.kind === 'key' && output.program?.outputs.every((each) => addKey(each, keys)) === true;
  }
}

/** Of an output of `metadata`. */
function addKey(output: Output, keys: Set<string>): boolean {
  if (output.kind === 'literal') return true;
  if (!('key' in output) || !METADATA_KEYS.has(output.key)) return false;
  keys.add(output.key);
  const below = METADATA_KEYS.get(output.key);
  if (below === undefined) return output.kind !== 'key' || output.program === null;
  return output.kind === 'key' && output.program?.outputs.every((each) => isOf(below, each)) === true;
}

function isOf(keys: ReadonlySet<string>, output: Output): boolean {
  if (output.kind === 'literal') return true;
  return output.kind === 'key' && output.program === null && keys.has(output.key);
}
