import type { CompiledProgram } from './compiled-program.ts';
import type { ItemEngineFactory } from './item-engine.ts';
import { JavaScriptItems } from './javascript-items.ts';
import { ListScanner, type ListScannerOptions } from './list-scanner.ts';
import { encodeProgram } from './wasm/encode-program.ts';
import { WasmItems } from './wasm/wasm-items.ts';
import { WasmScanner } from './wasm/wasm-scanner.ts';

/**
 * A scanner for one list, with the fastest engine that this machine and these programs allow. The engines answer alike;
 * `javascript` keeps to that one.
 */
export function createListScanner(
  options: ListScannerOptions,
  engine: 'fastest' | 'javascript' = 'fastest',
): ListScanner {
  const wasm = engine === 'fastest' ? wasmEngine(options.programs) : undefined;
  return new ListScanner(options, wasm);
}

/**
 * The switch between the engines: WebAssembly runs one program of which everything is in the item's bytes, or an `id`. What
 * else is computed, as an edge's cursor is, calls back for each item, and goes to the other engine, as several programs do.
 */
export function wasmEngine(programs: readonly CompiledProgram[]): ItemEngineFactory | undefined {
  if (programs.length > 1) return undefined;
  scanner ??= loadScanner();
  if (scanner === 'unavailable') return undefined;
  const [program] = programs;
  const encoded = program && encodedFor(scanner, program);
  if (program !== undefined && encoded === undefined) return undefined;
  const { instance } = scanner;
  return (source, to) => new WasmItems(instance, encoded, source, to, new JavaScriptItems(source, to));
}

/** Made for the first list: a process that reads none needs none. */
let scanner: Loaded | 'unavailable' | undefined;

interface Loaded {
  readonly instance: WasmScanner;
  /** Undefined for one that the module cannot run. */
  readonly encoded: WeakMap<CompiledProgram, { readonly bytes: Buffer | undefined }>;
}

function loadScanner(): Loaded | 'unavailable' {
  try {
    return { instance: new WasmScanner(), encoded: new WeakMap() };
  } catch {
    // No WebAssembly, no SIMD, no address space: each is met by the engine that needs none of them.
    return 'unavailable';
  }
}

function encodedFor({ instance, encoded }: Loaded, program: CompiledProgram): Buffer | undefined {
  let known = encoded.get(program);
  if (known === undefined) {
    known = { bytes: encodeProgram(program, instance.programBase, instance.maxProgramBytes) };
    encoded.set(program, known);
  }
  return known.bytes;
}
