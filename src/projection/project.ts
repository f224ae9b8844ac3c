import type { ByteWriter } from './byte-writer.ts';
import type { CompiledProgram } from './compiled-program.ts';
import { BYTE_CLASS, OPENS } from './json-bytes.ts';
import { JsonSource } from './json-source.ts';
import { MalformedJson, toCaller } from './malformed-json.ts';
import { Projector } from './projector.ts';
import { afterSpace, skipSpace, unexpected } from './skip.ts';

export { type CompiledProgram, compileProgram } from './compiled-program.ts';

const NULL = Buffer.from('null');

/**
 * Appends to `output` what `program` selects from `json`, which is one JSON value, white space around it allowed.
 *
 * The answer is what graphql-js and JSON.stringify would make of the parsed value, byte for byte, except that leaf values
 * keep the bytes they have. An array is answered by the array of its elements' projections, any other value than an object
 * by `null`. Costs one pass over the bytes.
 *
 * Throws MalformedJson, and leaves `output` as it was, when `json` is not exactly one value as far as it has to be looked
 * at, or nests deeper than 500 levels.
 */
export function projectDocument(program: CompiledProgram, json: Buffer, output: ByteWriter): void {
  const before = output.length;
  try {
    projectWhole(program, json, output);
  } catch (error) {
    output.truncate(before);
    throw toCaller(error);
  }
}

function projectWhole(program: CompiledProgram, json: Buffer, output: ByteWriter): void {
  const source = new JsonSource();
  source.load(json);
  const start = skipSpace(source, 0);
  if (BYTE_CLASS[json[start]!] !== OPENS) {
    requireScalar(json);
    output.write(NULL);
    return;
  }
  const end = new Projector(source).run(program, start, output);
  const rest = afterSpace(source, end);
  if (rest < source.end) throw unexpected(source, rest, 'nothing more');
}

function requireScalar(json: Buffer): void {
  try {
    JSON.parse(json.toString());
  } catch (cause) {
    throw new MalformedJson('the text is not one JSON value', { cause });
  }
}
