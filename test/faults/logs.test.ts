import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { memoryMb } from '../../bench/usage.ts';
import { loggedPod } from '../unit/logs/support/logged-pod.ts';
import { STANDARD_CLUSTER } from '../unit/support/standard-cluster.ts';
import { startStub, type StubApiServer } from '../unit/support/stub-api-server.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LINE = `2026-01-01T00:00:01.000000000Z ${'x'.repeat(200)}\n`;
const LINES = Math.ceil((100 * 1e6) / LINE.length);

/** An API server of one pod, whose container has written 100 MB and ended. */
async function startNode(): Promise<string> {
  const { stub, origin } = await startStub(STANDARD_CLUSTER);
  stub.on('GET', '/api/v1/namespaces/a/pods/x/log', {
    body: Buffer.from(LINE.repeat(LINES)),
    contentType: 'text/plain',
  });
  void tellOfPods(stub);
  return origin;
}

/** The gateway watches what kinds there are as well. */
async function tellOfPods({ watches }: StubApiServer): Promise<void> {
  let watch = await watches.next();
  while (!watch.request.path.endsWith('/pods')) watch = await watches.next();
  watch.send('ADDED', loggedPod('x', { containers: { c: 'ended' }, restartPolicy: 'Never' }));
  watch.synced('2');
}

interface GatewayProcess {
  readonly url: string;
  /** Resident memory, in megabytes. */
  readonly memory: () => ReturnType<typeof memoryMb>;
}

async function startGateway(origin: string): Promise<GatewayProcess> {
  const home = mkdtempSync(join(tmpdir(), 'kubegraph-home-'));
  const kubeconfig = join(home, 'kubeconfig');
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { server: origin } }],
      users: [{ name: 'u', user: {} }],
      contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'x',
    }),
  );
  const args = ['--import', 'tsx', 'src/cli/main.ts', 'serve', '--kubeconfig', kubeconfig, '--port', '0'];
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, XDG_CACHE_HOME: home };
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  onTestFinished(async () => {
    child.kill();
    await closed;
    rmSync(home, { recursive: true, force: true });
  });
  for await (const greeting of createInterface(child.stdout)) {
    const url = /https?:\S+/.exec(greeting)?.[0];
    if (url !== undefined) return { url, memory: () => memoryMb(child.pid as number) };
  }
  throw new Error('the gateway ended before it was ready');
}

/** Reads a subscription to its end, and counts what of its text matches. */
function count(url: string, query: string, what: RegExp): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
    const call = request(url, { method: 'POST', headers }, (response) => {
      let found = 0;
      createInterface(response)
        .on('line', (line) => (found += line.match(what)?.length ?? 0))
        .once('close', () => resolve(found));
    });
    call.once('error', reject);
    call.end(JSON.stringify({ query }));
  });
}

// What a process has had at most is in /proc only.
it.runIf(process.platform === 'linux')(
  '100 MB of logs go through a gateway that grows by no more than 64 MiB',
  async () => {
    const gateway = await startGateway(await startNode());
    const query = 'subscription { podLogs(namespace: "a", name: "x") { cursor lines { timestamp line } } }';
    const before = gateway.memory().now;
    expect(await count(gateway.url, query, /"line":"x{200}"/g)).toBe(LINES);
    expect(gateway.memory().peak - before).toBeLessThan(64);
  },
);
