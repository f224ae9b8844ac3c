/**
 * Draws a profile of V8's as a flame graph: what the process spent its time on, callers below, as one SVG without scripts.
 *
 *   node --cpu-prof --cpu-prof-dir DIR dist/cli.js serve …     (ask it something, then stop it)
 *   npx tsx bench/flame-graph.ts DIR/FILE.cpuprofile docs/small-reads.svg [--from 0.4]
 *
 * `--from` leaves out the first part of the time: starting and compiling.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { argument } from './support.ts';

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Functions of one name that are called by the same are one bar. */
interface Bar {
  time: number;
  readonly callees: Map<string, Bar>;
}

const WIDTH = 1_200;
const ROW = 16;
/** Of the whole; narrower bars would not be seen. */
const LEAST_SHARE = 0.002;

const [input = '', output = ''] = process.argv.slice(2);
const profile = JSON.parse(readFileSync(input, 'utf8')) as Profile;
writeFileSync(output, svgOf(barsOf(profile, Number(argument('from', '0.4')))));

function barsOf({ nodes, samples, timeDeltas }: Profile, from: number): Bar {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const callers = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const stackOf = (id: number | undefined): string[] => {
    const node = id === undefined ? undefined : byId.get(id);
    return node === undefined ? [] : [...stackOf(callers.get(node.id)), nameOf(node)];
  };
  const root: Bar = { time: 0, callees: new Map() };
  samples.forEach((id, index) => {
    const stack = stackOf(id);
    if (index < samples.length * from || stack.includes('(idle)')) return;
    add(root, stack.slice(1), timeDeltas[index] ?? 0);
  });
  return root;
}

function add(bar: Bar, [name, ...rest]: readonly string[], time: number): void {
  bar.time += time;
  if (name === undefined) return;
  const callee = bar.callees.get(name) ?? { time: 0, callees: new Map() };
  bar.callees.set(name, callee);
  add(callee, rest, time);
}

function nameOf({ callFrame: { functionName, url } }: ProfileNode): string {
  const isOurs = url.includes('/program/');
  const name = functionName === '' ? '(anonymous)' : functionName;
  return url.startsWith('node:')
    ? `${name} [node]`
    : isOurs
      ? name
      : `${name}${url === '' ? '' : ' [other]'}`;
}

function svgOf(root: Bar): string {
  const rects: string[] = [];
  let depth = 0;
  const draw = (bar: Bar, name: string, left: number, row: number): void => {
    depth = Math.max(depth, row);
    const width = (bar.time / root.time) * WIDTH;
    const percent = ((bar.time / root.time) * 100).toFixed(1);
    const label = width > 40 ? escaped(name).slice(0, Math.floor(width / 6.5)) : '';
    rects.push(
      `<g><title>${escaped(name)}: ${percent} %</title><rect x="${left.toFixed(1)}" y="${row * ROW}" width="${width.toFixed(1)}" height="${ROW - 1}" fill="${colourOf(name)}"/><text x="${(left + 3).toFixed(1)}" y="${row * ROW + 11}">${label}</text></g>`,
    );
    let at = left;
    for (const [callee, below] of [...bar.callees].sort((a, b) => b[1].time - a[1].time)) {
      if (below.time / root.time >= LEAST_SHARE) draw(below, callee, at, row + 1);
      at += (below.time / root.time) * WIDTH;
    }
  };
  draw(root, 'all', 0, 0);
  const height = (depth + 1) * ROW;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="monospace" font-size="11">\n${rects.join('\n')}\n</svg>\n`;
}

function colourOf(name: string): string {
  if (name.endsWith('[node]')) return '#bcd6ee';
  return name.startsWith('(') || /^[a-z]+$/i.test(name) ? '#f2d0a9' : '#f0b27a';
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
