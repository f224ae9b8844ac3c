import { ByteWriter } from '../projection/byte-writer.ts';
import type { ObjectProgram } from '../projection/program.ts';
import { compileProgram, projectDocument } from '../projection/project.ts';

/** One member of a JSON object that is put together from bytes. */
export interface JsonMember {
  readonly name: string;
  /** JSON; undefined is written as `null`. */
  readonly json: Buffer | undefined;
}

const NULL = Buffer.from('null');

/** A JSON object of members whose values are JSON already. */
export function jsonObject(members: readonly JsonMember[]): Buffer {
  const parts = members.flatMap(({ name, json }, index) => [
    Buffer.from(`${index === 0 ? '' : ','}${JSON.stringify(name)}:`),
    json ?? NULL,
  ]);
  return Buffer.concat([Buffer.from('{'), ...parts, Buffer.from('}')]);
}

/** A small value as JSON. */
export function jsonOf(value: string | boolean): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** One JSON document through a program. */
export function projected(program: ObjectProgram, json: Buffer): Buffer {
  const writer = new ByteWriter();
  projectDocument(compileProgram(program), json, writer);
  return writer.take();
}
