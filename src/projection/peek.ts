import { isJsonObject } from '../util/json.ts';
import { ByteWriter } from './byte-writer.ts';
import { MalformedJson } from './malformed-json.ts';
import type { Output } from './program.ts';
import { type CompiledProgram, compileProgram, projectDocument } from './project.ts';

type Path = readonly string[];

const programs = new WeakMap<readonly Path[], CompiledProgram>();

/**
 * Reads the strings at `paths` out of an object's bytes, in one pass and without parsing the rest. Answers one element per
 * path, in their order: undefined where there is no such key, or its value is not a string.
 *
 * Keep `paths` in a constant: what is worked out for them is remembered by identity. Throws MalformedJson.
 */
export function peekStrings(json: Buffer, paths: readonly Path[]): (string | undefined)[] {
  const found = new ByteWriter();
  projectDocument(programOf(paths), json, found);
  const values = parse(found.view());
  return paths.map((path) => stringAt(values, path));
}

function parse(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString());
  } catch (cause) {
    // The scanner does not look into what it copies.
    throw new MalformedJson('a value to be read is not JSON', { cause });
  }
}

function programOf(paths: readonly Path[]): CompiledProgram {
  let program = programs.get(paths);
  if (program === undefined) {
    program = compileProgram({ outputs: outputsOf(paths) });
    programs.set(paths, program);
  }
  return program;
}

// One key may be the end of one path and lead on in another. The marks before the names keep the two apart.
const endName = (key: string): string => `=${key}`;
const stepName = (key: string): string => `/${key}`;

function outputsOf(paths: readonly Path[]): Output[] {
  const ends = new Set<string>();
  const steps = new Map<string, Path[]>();
  for (const [key, ...rest] of paths) {
    if (key === undefined) continue;
    if (rest.length === 0) ends.add(key);
    else steps.set(key, [...(steps.get(key) ?? []), rest]);
  }
  return [
    ...[...ends].map((key): Output => ({ kind: 'key', responseName: endName(key), key, program: null })),
    ...[...steps].map(([key, rests]): Output => {
      return { kind: 'key', responseName: stepName(key), key, program: { outputs: outputsOf(rests) } };
    }),
  ];
}

function stringAt(values: unknown, path: Path): string | undefined {
  let value = values;
  for (const [level, key] of path.entries()) {
    if (!isJsonObject(value)) return undefined;
    value = value[level === path.length - 1 ? endName(key) : stepName(key)];
  }
  return typeof value === 'string' ? value : undefined;
}
