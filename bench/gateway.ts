/**
 * The gateway against a real API server, side by side with a bare GET of the same list in the same run.
 *
 *   npm run cluster -- up --dir DIR --pods 5000
 *   npm run build && npx tsx bench/gateway.ts --kubeconfig DIR/kubeconfig
 *
 * Prints start to first answer (cold and with a warm disk cache), memory, and wall and CPU time of listing all pods with
 * five fields each. The bare GET asks for gzip, inflates and throws the bytes away: what any client has to do.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { KUBECONFIG_IDENTITY } from '../src/cluster/identity.ts';
import { loadKubeconfig } from '../src/cluster/kubeconfig/load.ts';
import { createUpstream } from '../src/cluster/transport/create.ts';
import { argument, median, print, startGateway } from './support.ts';

const ROUNDS = 7;
const PODS = '{ pods { items { metadata { name namespace labels } spec { nodeName } status { phase } } } }';
const FIRST = '{ pods(first: 10) { items { metadata { name } } } }';

if (process.argv.includes('--bare')) await bareGet();
else await main();

async function main(): Promise<void> {
  const kubeconfig = argument('kubeconfig');
  await firstAnswer(kubeconfig);
  await largeList(kubeconfig);
}

async function firstAnswer(kubeconfig: string): Promise<void> {
  for (const warmth of ['nothing cached', 'disk cache warm']) {
    const cache = mkdtempSync(path.join(tmpdir(), 'kubegraph-bench-'));
    if (warmth === 'disk cache warm') {
      const warming = await startGateway(kubeconfig, cache);
      await warming.query(FIRST);
      await warming.stop();
    }
    const times: number[] = [];
    const memory: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      if (warmth === 'nothing cached')
        rmSync(path.join(cache, 'kubegraph'), { recursive: true, force: true });
      const started = performance.now();
      const gateway = await startGateway(kubeconfig, cache);
      await gateway.query(FIRST);
      times.push(performance.now() - started);
      memory.push(gateway.memoryMb().now);
      await gateway.stop();
    }
    rmSync(cache, { recursive: true, force: true });
    print(
      `start to first answer, ${warmth}: ${Math.round(median(times))} ms; memory then: ${median(memory)} MB`,
    );
  }
}

async function largeList(kubeconfig: string): Promise<void> {
  const gateway = await startGateway(kubeconfig);
  await gateway.query(FIRST);
  print(`memory at rest: ${gateway.memoryMb().now} MB`);
  const bytes = (await gateway.query(PODS)).length;
  const walls: number[] = [];
  const cpus: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const cpuBefore = gateway.cpuMs();
    const started = performance.now();
    await gateway.query(PODS);
    walls.push(performance.now() - started);
    cpus.push(gateway.cpuMs() - cpuBefore);
  }
  const { now, peak } = gateway.memoryMb();
  await gateway.stop();
  print(
    `all pods, five fields (${(bytes / 1e6).toFixed(2)} MB answered): wall ${Math.round(median(walls))} ms, gateway CPU ${Math.round(median(cpus))} ms, memory ${now} MB, peak ${peak} MB`,
  );
  for (const pageSize of ['none', '500']) {
    const child = spawnSync(
      process.execPath,
      [...process.execArgv, ...process.argv.slice(1), '--bare', pageSize],
      { encoding: 'utf8' },
    );
    print(child.stdout.trim() || child.stderr);
  }
}

/** Runs in a process of its own, so that its CPU time is its own. */
async function bareGet(): Promise<void> {
  const pageSize = argument('bare');
  const target = loadKubeconfig({ path: argument('kubeconfig'), env: process.env, homeDir: homedir() });
  const upstream = createUpstream({ target, mode: 'kubeconfig', readOnly: true, execPolicy: 'deny' });
  const walls: number[] = [];
  const cpus: number[] = [];
  let bytes = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    const cpuBefore = process.cpuUsage();
    const started = performance.now();
    bytes = 0;
    let next: string | undefined = '';
    while (next !== undefined) {
      const answer = await upstream.send({
        identity: KUBECONFIG_IDENTITY,
        method: 'GET',
        path: '/api/v1/pods',
        compress: true,
        query: {
          limit: pageSize === 'none' ? undefined : pageSize,
          continue: next === '' ? undefined : next,
        },
      });
      let head: string | undefined;
      for await (const chunk of answer.body) {
        head ??= chunk.subarray(0, 1024).toString('latin1');
        bytes += chunk.length;
      }
      next = /"continue":"([^"]+)"/.exec(head ?? '')?.[1];
    }
    const cpu = process.cpuUsage(cpuBefore);
    // The first round pays for the connection.
    if (round > 0) {
      walls.push(performance.now() - started);
      cpus.push((cpu.user + cpu.system) / 1000);
    }
  }
  await upstream.close();
  const how = pageSize === 'none' ? 'in one' : `in pages of ${pageSize}`;
  print(
    `bare GET ${how} (${(bytes / 1e6).toFixed(1)} MB): wall ${Math.round(median(walls))} ms, CPU ${Math.round(median(cpus))} ms`,
  );
}
