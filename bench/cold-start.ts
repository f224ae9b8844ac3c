/**
 * How long a gateway takes from nothing to its first answer, and what it holds then, beside the least that any program in
 * Node would take: one GET of the same list over TLS, and a Yoga server with one field. All in one run, round by round in
 * turn, so that a busy machine is busy for all of them.
 *
 *   npm run build && npx tsx bench/cold-start.ts --kubeconfig DIR/kubeconfig [--rounds 21]
 *
 * `nothing cached` has an empty cache directory; the code that V8 compiled for the bundle is part of the build.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleBarePrograms } from './bare-programs.ts';
import { type FirstAnswer, firstAnswer, type Measured } from './measured-process.ts';
import { argument, median, print } from './support.ts';

const QUERY = '{ pods(first: 10) { items { metadata { name } } } }';
const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

const BARE_GET = 'bare GET, undici';
const BARE_YOGA = 'bare Yoga server';

const directory = mkdtempSync(path.join(tmpdir(), 'kubegraph-bench-'));
const emptyCache = path.join(directory, 'empty');
const warmCache = path.join(directory, 'warm');
try {
  await main(argument('kubeconfig'), Number(argument('rounds', '21')));
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function main(kubeconfig: string, rounds: number): Promise<void> {
  const arms = await prepare(kubeconfig);
  const figures = new Map(Object.keys(arms).map((name) => [name, [] as FirstAnswer[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, measured] of Object.entries(arms)) {
      rmSync(emptyCache, { recursive: true, force: true });
      figures.get(name)?.push(await firstAnswer(measured));
    }
  }
  report(figures, rounds);
}

async function prepare(kubeconfig: string): Promise<Readonly<Record<string, Measured>>> {
  const bare = await bundleBarePrograms(directory, kubeconfig);
  const serve = (cache: string): Measured => ({
    args: [CLI, 'serve', '--kubeconfig', kubeconfig, '--port', '0'],
    way: { post: QUERY },
    expected: '{"data":{"pods":{"items":[{"metadata":{"name":',
    env: { XDG_CACHE_HOME: cache },
  });
  mkdirSync(warmCache);
  await firstAnswer(serve(warmCache));
  return {
    'empty process': { args: ['-p', '1'], way: 'output', expected: '1' },
    'bare GET, node:https': { args: [bare.https], way: 'output', expected: '"PodList"' },
    [BARE_GET]: { args: [bare.undici], way: 'output', expected: '"PodList"' },
    [BARE_YOGA]: { args: [bare.yoga], way: { post: '{ hello }' }, expected: '{"data":{"hello":"world"}}' },
    'gateway, nothing cached': serve(emptyCache),
    'gateway, disk cache warm': serve(warmCache),
  };
}

function report(figures: ReadonlyMap<string, readonly FirstAnswer[]>, rounds: number): void {
  const middle = (name: string, key: keyof FirstAnswer): number =>
    median((figures.get(name) ?? []).map((figure) => figure[key]));
  print(`${rounds} rounds, Node ${process.version}; start to first answer:`);
  for (const [name, of] of figures) {
    const times = of.map(({ ms }) => ms);
    const row = [
      name.padEnd(26),
      `median ${median(times).toFixed(0)} ms`,
      `min ${Math.min(...times).toFixed(0)}`,
      `max ${Math.max(...times).toFixed(0)}`,
      `CPU ${middle(name, 'cpuMs').toFixed(0)} ms`,
      `memory ${middle(name, 'memoryMb').toFixed(0)} MB`,
    ];
    if (name.startsWith('gateway')) {
      row.push(`${signed(middle(name, 'ms') - middle(BARE_GET, 'ms'))} ms over the bare GET`);
      row.push(`${signed(middle(name, 'memoryMb') - middle(BARE_YOGA, 'memoryMb'))} MB over bare Yoga`);
    }
    print(row.join('  '));
  }
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(0)}`;
}
