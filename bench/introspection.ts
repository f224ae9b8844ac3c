/**
 * Full introspection with descriptions, the query that GraphiQL sends, of a gateway in a process of its own whose documents
 * are in the disk cache.
 *
 *   npm run build && npx tsx bench/introspection.ts --kubeconfig DIR/kubeconfig
 *
 * Prints milliseconds to the first and to the last byte, sizes, and memory: for the first answer, for repeated ones, and for
 * a client that does not take gzip.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { getIntrospectionQuery } from 'graphql';
import { request } from 'undici';
import { argument, type BenchedGateway, median, print, startGateway } from './support.ts';

const ROUNDS = 7;
const QUERY = getIntrospectionQuery({ schemaDescription: true, inputValueDeprecation: true });

interface Timed {
  readonly firstByteMs: number;
  readonly lastByteMs: number;
  readonly bytes: number;
}

const kubeconfig = argument('kubeconfig');
const cache = mkdtempSync(path.join(tmpdir(), 'kubegraph-bench-'));
try {
  print(`nothing cached: ${inWords(await withGateway(async (gateway) => introspect(gateway, 'gzip')))}`);
  await withGateway(async (gateway) => {
    await gateway.query('{ version { gitVersion } }');
    print(`memory before: ${gateway.memoryMb().now} MB`);
    const cpuMs = gateway.cpuMs();
    print(
      `first: ${inWords(await introspect(gateway, 'gzip'))}, ${Math.round(gateway.cpuMs() - cpuMs)} ms of CPU`,
    );
    print(`memory then: ${gateway.memoryMb().now} MB, at most ${gateway.memoryMb().peak} MB`);
    print(`repeated: ${inWords(await repeated(gateway, 'gzip'))}`);
    print(`repeated, as text: ${inWords(await repeated(gateway, 'identity'))}`);
    print(`memory at last: ${gateway.memoryMb().now} MB, at most ${gateway.memoryMb().peak} MB`);
  });
} finally {
  rmSync(cache, { recursive: true, force: true });
}

async function withGateway<T>(work: (gateway: BenchedGateway) => Promise<T>): Promise<T> {
  const gateway = await startGateway(kubeconfig, cache);
  try {
    return await work(gateway);
  } finally {
    await gateway.stop();
  }
}

async function introspect(gateway: BenchedGateway, encoding: string): Promise<Timed> {
  const started = performance.now();
  const answer = await request(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', 'accept-encoding': encoding },
    body: JSON.stringify({ query: QUERY }),
  });
  const firstByteMs = performance.now() - started;
  let bytes = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) bytes += chunk.length;
  const coding = answer.headers['content-encoding'] ?? 'identity';
  if (answer.statusCode !== 200 || coding !== encoding) {
    throw new Error(`the answer has status ${answer.statusCode} and is encoded as ${String(coding)}`);
  }
  return { firstByteMs, lastByteMs: performance.now() - started, bytes };
}

async function repeated(gateway: BenchedGateway, encoding: string): Promise<Timed> {
  const rounds: Timed[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await introspect(gateway, encoding));
  return {
    firstByteMs: median(rounds.map(({ firstByteMs }) => firstByteMs)),
    lastByteMs: median(rounds.map(({ lastByteMs }) => lastByteMs)),
    bytes: rounds[0]?.bytes ?? 0,
  };
}

function inWords({ firstByteMs, lastByteMs, bytes }: Timed): string {
  const megabytes = (bytes / 1_000_000).toFixed(1);
  return `${Math.round(firstByteMs)} ms to the first byte, ${Math.round(lastByteMs)} ms to the last, ${megabytes} MB`;
}
