/**
 * Whether lists should be read as protobuf: 5,000 pods in pages of 500, five fields of each, by the gateway's transport.
 *
 *   npm run cluster -- up --dir DIR --pods 5000
 *   npx tsx bench/protobuf.ts --cluster DIR [--rounds 18]
 *
 * Each arm is a process of its own; all work in each round, in an order by chance. The answers of those that make one are compared first,
 * byte for byte, of one state of the list. `receive` arms throw away what has arrived and been inflated: whatever reads
 * this form has to do that much. Linux only: CPU time comes from /proc, that of the API server also.
 *
 * In the end it tells what JSON shows and protobuf does not, by how much is known of the Go types.
 */
import { layoutOf } from '../test/cluster/layout.ts';
import { requireState } from '../test/cluster/state.ts';
import { reportFidelity } from './protobuf/fidelity.ts';
import type { Outcome, Reading, Reply, Work } from './protobuf/forms.ts';
import { sizesOf } from './protobuf/sizes.ts';
import { createApi } from './reads/api.ts';
import { spreadOf } from './reads/figures.ts';
import { type Program, startFromSource } from './reads/programs.ts';
import { argument, print } from './support.ts';
import { cpuMs } from './usage.ts';

const WARM_UPS = 3;

const ARMS: Readonly<Record<string, Reading>> = {
  'JSON, gzip, WebAssembly': { form: 'json', compress: true, engine: 'wasm' },
  'JSON, gzip, JavaScript': { form: 'json', compress: true, engine: 'javascript' },
  'protobuf, gzip': { form: 'protobuf', compress: true, engine: 'javascript' },
  protobuf: { form: 'protobuf', compress: false, engine: 'javascript' },
  'receive JSON, gzip': { form: 'json', compress: true, engine: 'none' },
  'receive protobuf, gzip': { form: 'protobuf', compress: true, engine: 'none' },
  'receive protobuf': { form: 'protobuf', compress: false, engine: 'none' },
  'receive metadata, JSON, gzip': { form: 'json', compress: true, engine: 'none', isMetadataOnly: true },
  'receive metadata, protobuf, gzip': {
    form: 'protobuf',
    compress: true,
    engine: 'none',
    isMetadataOnly: true,
  },
};

const COLUMNS = ['CPU', 'wall', 'API server CPU'] as const;
type Column = (typeof COLUMNS)[number];

interface Arm {
  readonly name: string;
  readonly work: Work;
  readonly program: Program;
  readonly times: Readonly<Record<Column, number[]>>;
}

await main();
// What was started ends when this process does.
process.exit();

async function main(): Promise<void> {
  const { kubeconfig, processes } = requireState(layoutOf(argument('cluster')));
  const apiServer = processes.find(({ name }) => name === 'kube-apiserver')?.pid;
  if (apiServer === undefined) throw new Error('the cluster has no API server');
  const rounds = Number(argument('rounds', '18'));
  const arms = Object.entries(ARMS).map(([name, reading]) => startArm(name, { ...reading, kubeconfig }));
  await checkAnswers(arms, kubeconfig);
  for (let round = -WARM_UPS; round < rounds; round++)
    for (const arm of shuffled(arms)) await measure(arm, apiServer, round >= 0);
  await report(arms, rounds);
  await reportFidelity(kubeconfig);
}

/** The API server collects the garbage of one arm while the next one reads: nobody is always next to the same. */
function shuffled<T>(values: readonly T[]): readonly T[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

function startArm(name: string, work: Work): Arm {
  const program = startFromSource(import.meta.resolve('./protobuf/reader.ts'));
  return { name, work, program, times: { CPU: [], wall: [], 'API server CPU': [] } };
}

async function perform({ name, program }: Arm, work: Work): Promise<Outcome> {
  const reply = program.next<Reply>();
  program.send(work);
  const outcome = await reply;
  if ('failure' in outcome) throw new Error(`${name}: ${outcome.failure}`);
  return outcome;
}

async function measure(arm: Arm, apiServer: number, isCounted: boolean): Promise<void> {
  const { pid } = arm.program;
  const [own, server, started] = [cpuMs(pid), cpuMs(apiServer), performance.now()];
  await perform(arm, arm.work);
  if (!isCounted) return;
  arm.times.wall.push(performance.now() - started);
  arm.times.CPU.push(cpuMs(pid) - own);
  arm.times['API server CPU'].push(cpuMs(apiServer) - server);
}

async function checkAnswers(arms: readonly Arm[], kubeconfig: string): Promise<void> {
  const api = createApi(kubeconfig);
  const list = (await api.get('/api/v1/pods?limit=1')) as { readonly metadata: { resourceVersion: string } };
  await api.close();
  const { resourceVersion } = list.metadata;
  const answering = arms.filter(({ work }) => work.engine !== 'none');
  const outcomes = await Promise.all(answering.map((arm) => perform(arm, { ...arm.work, resourceVersion })));
  const answers = new Set(outcomes.map((outcome) => JSON.stringify(outcome)));
  if (answers.size !== 1) throw new Error(`the answers differ: ${[...answers].join(', ')}`);
  print(`${outcomes[0]?.pods} pods, one answer by all: ${outcomes[0]?.bytes} bytes`);
}

async function report(arms: readonly Arm[], rounds: number): Promise<void> {
  print(`ms, min / median / max of ${rounds} rounds; last, the median ratio to the first arm`);
  const [first] = arms;
  for (const arm of arms) {
    const { wire, unpacked } = await sizesOf(arm.work);
    print(`\n${arm.name}: ${wire.toFixed(2)} MB sent, ${unpacked.toFixed(1)} MB unpacked`);
    for (const column of COLUMNS) {
      const base = first?.times[column] ?? [];
      const ratio = spreadOf(arm.times[column].map((ms, round) => ms / (base[round] ?? Number.NaN)));
      const { min, median, max } = spreadOf(arm.times[column]);
      const cells = [min, median, max].map((ms) => ms.toFixed(0).padStart(6)).join(' /');
      print(`  ${column.padEnd(15)}${cells}   ${ratio.median.toFixed(2)} x`);
    }
  }
}
