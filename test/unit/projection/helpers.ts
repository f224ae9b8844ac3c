import { ByteWriter } from '../../../src/projection/byte-writer.ts';
import { wasmEngine } from '../../../src/projection/create-list-scanner.ts';
import {
  ListScanner,
  type ListScannerOptions,
  type ListSummary,
} from '../../../src/projection/list-scanner.ts';
import type { KeyOutput, ObjectProgram, Output } from '../../../src/projection/program.ts';
import { compileProgram, projectDocument } from '../../../src/projection/project.ts';

/** How long the property tests look: FUZZ_RUNS raises the number of cases, FUZZ_SEED chooses others. */
export const fuzz = {
  numRuns: Number(process.env['FUZZ_RUNS'] ?? 200),
  seed: Number(process.env['FUZZ_SEED'] ?? 20_251_126),
};

/** For the slowest of them: no bound on speed, but on a case that does not end. */
export const FUZZ_TIMEOUT_MS = Math.max(60_000, fuzz.numRuns * 500);

export function program(...outputs: (string | Output)[]): ObjectProgram {
  return { outputs: outputs.map((output) => (typeof output === 'string' ? leaf(output) : output)) };
}

export function leaf(key: string, responseName = key): KeyOutput {
  return { kind: 'key', responseName, key, program: null };
}

export function nested(key: string, inner: ObjectProgram, more: Partial<KeyOutput> = {}): KeyOutput {
  return { kind: 'key', responseName: key, key, program: inner, ...more };
}

export function project(of: ObjectProgram, json: string): string {
  const output = new ByteWriter();
  projectDocument(compileProgram(of), Buffer.from(json), output);
  return output.take().toString();
}

/** Cuts `bytes` at `cuts`; each chunk is memory of its own. */
export function chunksOf(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])];
  places.sort((a, b) => a - b);
  return places.slice(1).map((end, i) => Buffer.from(bytes.subarray(places[i], end)));
}

/** Hands `chunks` to `push` one by one and overwrites each afterwards, as a pool does that uses its memory again. */
function pushAll<T>(push: (chunk: Buffer) => T, chunks: readonly Buffer[]): T[] {
  return chunks.map((chunk) => {
    const answer = push(chunk);
    chunk.fill('"');
    return answer;
  });
}

/** How items are read, by name. What `wasm` cannot run it leaves to the other, as it does in the product. */
export type Engine = 'javascript' | 'wasm';
export const ENGINES: readonly Engine[] = ['javascript', 'wasm'];

export function listScanner(engine: Engine, options: ListScannerOptions): ListScanner {
  return new ListScanner(options, engine === 'wasm' ? wasmEngine(options.programs) : undefined);
}

export interface ScannedList {
  readonly summary: ListSummary;
  readonly texts: readonly string[];
}

export function scanList(
  engine: Engine,
  programs: readonly ObjectProgram[],
  body: string | readonly Buffer[],
  options: Partial<ListScannerOptions> = {},
): ScannedList {
  const outputs = programs.map(() => new ByteWriter());
  const scanner = listScanner(engine, { programs: programs.map(compileProgram), outputs, ...options });
  pushAll((chunk) => scanner.push(chunk), typeof body === 'string' ? [Buffer.from(body)] : body);
  return { summary: scanner.end(), texts: outputs.map((output) => output.take().toString()) };
}
