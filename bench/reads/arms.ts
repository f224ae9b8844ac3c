import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startGateway } from '../support.ts';
import { targetOf } from '../target.ts';
import { cpuMs, forgetPeak, memoryMb } from '../usage.ts';
import type { BareReply, BareWork } from './bare-loop.ts';
import { type Case, PODS, type Rival } from './cases.ts';
import { Client } from './client.ts';
import type { NaiveGreeting } from './naive-yoga.ts';
import { startBundled } from './programs.ts';
import type { Arm } from './rounds.ts';

/** An arm with a process of its own. */
export interface RunningArm extends Arm {
  /** What talks to it, if it answers GraphQL. */
  readonly client?: Client;
  stop(): Promise<void>;
}

export interface GatewayArm extends RunningArm {
  readonly client: Client;
  readonly url: string;
}

/** Where an arm reads from, and where it may leave files. */
export interface Surroundings {
  readonly kubeconfig: string;
  /** The build that is measured. */
  readonly cli: string;
  readonly directory: string;
}

/** Asked before anything is measured: connects, and loads what there is of a schema. */
const FIRST = '{ pods(namespace: "default") { items { metadata { name } } } }';

export async function startGatewayArm(
  name: string,
  { document, operations = 1, inFlight = 1 }: Pick<Case, 'document' | 'operations' | 'inFlight'>,
  { kubeconfig, directory, cli }: Surroundings,
): Promise<GatewayArm> {
  // Below what the run removes in the end, also when it is interrupted.
  const cache = mkdtempSync(path.join(directory, 'cache-'));
  const gateway = await startGateway(kubeconfig, cache, cli);
  const { url, pid } = gateway;
  const client = new Client(url);
  await client.post(FIRST);
  return {
    ...measured(name, pid, operations, () => client.postMany(document, operations, inFlight)),
    client,
    url,
    stop: async () => {
      await client.close();
      await gateway.stop();
    },
  };
}

export function startRival(rival: Rival, of: Case, surroundings: Surroundings): Promise<RunningArm> {
  switch (rival) {
    case 'bare':
      return startBareArm(of, surroundings);
    case 'naive':
      return startNaiveArm(of, surroundings);
    case 'full list':
      return startGatewayArm(rival, { document: PODS }, surroundings);
  }
}

async function startBareArm(of: Case, { kubeconfig, directory }: Surroundings): Promise<RunningArm> {
  const { paths, accept = 'application/json', operations = 1, inFlight = 1 } = of;
  const program = await startBundled(import.meta.resolve('./bare-loop.ts'), directory, [
    writeTarget(kubeconfig, directory),
  ]);
  const perform = async (work: BareWork): Promise<number> => {
    const reply = program.next<BareReply>();
    program.send(work);
    const answer = await reply;
    if ('failure' in answer) throw new Error(`bare: ${answer.failure}`);
    return answer.bytes;
  };
  await perform({ paths: ['/version'], accept: 'application/json', operations: 1, inFlight: 1 });
  return {
    ...measured('bare', program.pid, operations, () => perform({ paths, accept, operations, inFlight })),
    stop: () => program.stop(),
  };
}

async function startNaiveArm(of: Case, { kubeconfig, directory }: Surroundings): Promise<RunningArm> {
  const { document, operations = 1, inFlight = 1 } = of;
  const program = await startBundled(import.meta.resolve('./naive-yoga.ts'), directory, [
    writeTarget(kubeconfig, directory),
  ]);
  const { url } = await program.next<NaiveGreeting>();
  const client = new Client(url);
  await client.post(FIRST);
  return {
    ...measured('naive', program.pid, operations, () => client.postMany(document, operations, inFlight)),
    client,
    stop: async () => {
      await client.close();
      await program.stop();
    },
  };
}

/** What a process takes for `work`, over what it holds now, at rest. @param work resolves to how many bytes came. */
function measured(name: string, pid: number, operations: number, work: () => Promise<number>): Arm {
  const atRest = memoryMb(pid).now;
  forgetPeak(pid);
  return {
    name,
    round: async () => {
      const [cpuBefore, started] = [cpuMs(pid), performance.now()];
      const bytes = await work();
      const wall = performance.now() - started;
      const cpu = cpuMs(pid) - cpuBefore;
      // Of all rounds until now, those too that are not counted: a peak is a peak.
      const { peak } = memoryMb(pid);
      return {
        cpuMs: cpu / operations,
        wallMs: wall / operations,
        megabytes: bytes / operations / 1e6,
        extraMb: peak - atRest,
        peakMb: peak,
      };
    },
  };
}

/** Leaves what a program needs to talk to the API server in a file of the run's own. Answers its path. */
export function writeTarget(kubeconfig: string, directory: string): string {
  const file = path.join(directory, 'target.json');
  writeFileSync(file, JSON.stringify(targetOf(kubeconfig)), { mode: 0o600 });
  return file;
}
