import { listAt, textAt } from './exact-json.ts';
import { type EventStream, subscribeOverSse } from './event-stream.ts';
import type { GraphQLAnswer } from './graphql-client.ts';

/** The texts of the lines that have come, by pod and in order. */
export type LinesByPod = Map<string, string[]>;

/** Reads a subscription to logs until `isEnough`, adds its lines to `lines`, leaves, and answers the cursor behind them. */
export async function readLogs(
  url: string,
  document: string,
  lines: LinesByPod,
  isEnough: (lines: LinesByPod) => boolean,
): Promise<string> {
  const stream = await subscribeOverSse(url, document);
  try {
    return await readLines(stream, lines, isEnough);
  } finally {
    await stream.close();
  }
}

/** Reads on until `isEnough`, adds the lines to `lines`, and answers the cursor behind them. */
export async function readLines(
  stream: EventStream,
  lines: LinesByPod,
  isEnough: (lines: LinesByPod) => boolean,
): Promise<string> {
  for (;;) {
    const answer = await stream.next();
    if (answer === undefined) throw new Error('the logs ended without a word');
    const cursor = addLines(lines, answer);
    if (isEnough(lines)) return cursor;
  }
}

/** Reads a subscription to logs until it ends by itself, which must not be with an error. */
export async function readToEnd(stream: EventStream): Promise<LinesByPod> {
  const lines: LinesByPod = new Map();
  for (let answer = await stream.next(); answer !== undefined; answer = await stream.next())
    addLines(lines, answer);
  return lines;
}

/** Answers the cursor behind them. */
function addLines(lines: LinesByPod, { data, errors, text }: GraphQLAnswer): string {
  if (data === undefined || errors.length > 0) throw new Error(`the logs ended: ${text}`);
  const [value] = Object.values(data as object) as readonly unknown[];
  for (const line of listAt(value, 'lines')) add(lines, textAt(line, 'pod'), textAt(line, 'line'));
  return textAt(value, 'cursor');
}

function add(lines: LinesByPod, pod: string, line: string): void {
  const known = lines.get(pod);
  if (known === undefined) lines.set(pod, [line]);
  else known.push(line);
}
