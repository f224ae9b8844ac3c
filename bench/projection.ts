/**
 * What it costs to answer a selection from a list of 5,000 pods, with either engine. Run with `npx tsx bench/projection.ts`.
 *
 * All ways are measured in turn, round by round, so that a busy machine disturbs them alike; the least time is the one that
 * was disturbed least. CPU time includes that of the garbage collector's threads, which is most of what JSON.parse costs
 * beyond its wall time. What WebAssembly takes includes the copies into its memory and out of it.
 */
import { ByteWriter } from '../src/projection/byte-writer.ts';
import { createListScanner } from '../src/projection/create-list-scanner.ts';
import type { ObjectProgram, Output } from '../src/projection/program.ts';
import { compileProgram, projectDocument } from '../src/projection/project.ts';
import { podList } from './pods.ts';

const PODS = 5000;
const ROUNDS = 15;
const KIB = 1024;
/** What inflating yields is up to the caller; this is from the least to the most that is usual. */
const CHUNKS = [16 * KIB, 64 * KIB];
const ENGINES = ['javascript', 'fastest'] as const;

/** A selection `{ key { … } }`, in its order. */
interface Selection {
  readonly [key: string]: true | Selection;
}

const FEW: Selection = {
  metadata: { name: true, namespace: true, labels: true },
  spec: { nodeName: true },
  status: { phase: true },
};
/** The fields of FEW in another order than the pods have them. */
const REVERSED: Selection = {
  status: { phase: true },
  spec: { nodeName: true },
  metadata: { labels: true, namespace: true, name: true },
};
/** Thirty fields, of which some are in lists and some that no pod has. */
const MANY: Selection = {
  metadata: {
    name: true,
    namespace: true,
    uid: true,
    creationTimestamp: true,
    labels: true,
    deletionTimestamp: true,
  },
  spec: {
    nodeName: true,
    serviceAccountName: true,
    priority: true,
    containers: {
      name: true,
      image: true,
      command: true,
      ports: { name: true, containerPort: true, protocol: true },
      env: { name: true, value: true },
      resources: { limits: true, requests: true },
    },
    tolerations: { key: true, operator: true, effect: true },
  },
  status: {
    phase: true,
    podIP: true,
    startTime: true,
    conditions: { type: true, status: true, reason: true, lastTransitionTime: true },
    containerStatuses: { name: true, ready: true, restartCount: true },
  },
};

function toProgram(selection: Selection): ObjectProgram {
  return {
    outputs: Object.entries(selection).map(([key, inner]): Output => {
      return { kind: 'key', responseName: key, key, program: inner === true ? null : toProgram(inner) };
    }),
  };
}

/** The baseline: what a gateway does that knows only objects. */
function parseAndWalk(selection: Selection, json: Buffer): string {
  const list = JSON.parse(json.toString()) as { readonly items: readonly unknown[] };
  return JSON.stringify({ items: list.items.map((item) => walk(selection, item)) });
}

function walk(selection: Selection, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => walk(selection, element));
  // Pods are objects wherever the selection goes on.
  const object = value as Readonly<Record<string, unknown>>;
  const answer: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(selection)) {
    answer[key] = inner === true ? (object[key] ?? null) : walk(inner, object[key]);
  }
  return answer;
}

function projectWhole(selection: Selection, json: Buffer): string {
  const output = new ByteWriter();
  projectDocument(compileProgram(toProgram({ items: selection })), json, output);
  return output.take().toString();
}

type Engine = (typeof ENGINES)[number];

function projectStream(engine: Engine, selection: Selection, json: Buffer, chunkBytes: number): Buffer {
  const output = new ByteWriter();
  output.writeAscii('{"items":[');
  const scanner = createListScanner({ programs: [programOf(selection)], outputs: [output] }, engine);
  for (let at = 0; at < json.length; at += chunkBytes) scanner.push(json.subarray(at, at + chunkBytes));
  scanner.end();
  output.writeAscii(']}');
  return output.take();
}

const programs = new Map<Selection, ReturnType<typeof compileProgram>>();

/** Made once, as a plan's programs are. */
function programOf(selection: Selection): ReturnType<typeof compileProgram> {
  const program = programs.get(selection) ?? compileProgram(toProgram(selection));
  programs.set(selection, program);
  return program;
}

function count(engine: Engine, json: Buffer, chunkBytes: number): number {
  const scanner = createListScanner({ programs: [], outputs: [] }, engine);
  for (let at = 0; at < json.length; at += chunkBytes) scanner.push(json.subarray(at, at + chunkBytes));
  return scanner.end().count;
}

/** One thing to do, by each engine; the first also by other means. */
interface Way {
  readonly name: string;
  readonly run: () => unknown;
  readonly cpuMs: number[];
  readonly wallMs: number[];
}

function way(name: string, run: () => unknown): Way {
  return { name, run, cpuMs: [], wallMs: [] };
}

function measure({ run, cpuMs, wallMs }: Way): void {
  const before = process.cpuUsage();
  const start = performance.now();
  run();
  wallMs.push(performance.now() - start);
  const { user, system } = process.cpuUsage(before);
  cpuMs.push((user + system) / 1000);
}

const list = podList(PODS);
const small = podList(5);

for (const selection of [FEW, MANY, REVERSED]) {
  const expected = parseAndWalk(selection, list);
  const answers = ENGINES.map((engine) => projectStream(engine, selection, list, 64 * KIB).toString());
  for (const answer of [...answers, projectWhole(selection, list)])
    if (answer !== expected) throw new Error('the ways disagree: nothing to compare');
}

/** Both engines at each of these. */
const cases: readonly (readonly [name: string, run: (engine: Engine) => unknown])[] = [
  ...CHUNKS.flatMap((bytes) => [
    [
      `5 fields, chunks of ${bytes / KIB} KiB`,
      (engine: Engine) => projectStream(engine, FEW, list, bytes),
    ] as const,
    [
      `30 fields, chunks of ${bytes / KIB} KiB`,
      (engine: Engine) => projectStream(engine, MANY, list, bytes),
    ] as const,
    [`counted, chunks of ${bytes / KIB} KiB`, (engine: Engine) => count(engine, list, bytes)] as const,
  ]),
  ['5 fields out of order, 64 KiB', (engine) => projectStream(engine, REVERSED, list, 64 * KIB)],
  [
    '5 fields of 5 pods, 1,000 times',
    (engine) => repeat(1000, () => projectStream(engine, FEW, small, 64 * KIB)),
  ],
];

function repeat(times: number, run: () => void): void {
  for (let i = 0; i < times; i++) run();
}

const pairs = cases.map(([name, run]) => ({
  javascript: way(name, () => run('javascript')),
  wasm: way(name, () => run('fastest')),
}));
const others = [
  way('5 fields by JSON.parse, walk, stringify', () => parseAndWalk(FEW, list)),
  way('5 fields, list as one document', () => projectWhole(FEW, list)),
];

for (let round = 0; round < ROUNDS; round++) {
  for (const { javascript, wasm } of pairs) {
    measure(javascript);
    measure(wasm);
  }
  for (const each of others) measure(each);
}

const format = (value: number): string => value.toFixed(1);

/** The least and the median. */
function figures(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  return [sorted[0], sorted[sorted.length >> 1]].map((ms) => format(ms ?? Number.NaN).padStart(7)).join('');
}

function ratio(a: Way, b: Way): string {
  return `${format(Math.min(...a.cpuMs) / Math.min(...b.cpuMs))} x`.padStart(8);
}

process.stdout.write(
  `${PODS} pods, ${format(list.length / 1e6)} MB; ms, least and median of ${ROUNDS} rounds; gain: least CPU\n`,
);
const columns = ['JavaScript CPU', 'wall', 'WASM CPU', 'wall'].map((name) => name.padStart(14)).join('');
process.stdout.write(`${''.padEnd(40)}${columns}    gain\n`);
for (const { javascript, wasm } of pairs) {
  const all = [javascript.cpuMs, javascript.wallMs, wasm.cpuMs, wasm.wallMs].map(figures).join('');
  process.stdout.write(`${javascript.name.padEnd(40)}${all}${ratio(javascript, wasm)}\n`);
}
for (const { name, cpuMs, wallMs } of others)
  process.stdout.write(`${name.padEnd(40)}${figures(cpuMs)}${figures(wallMs)}\n`);
