import { listAt, textAt } from './exact-json.ts';
import { subscribeOverSse } from './event-stream.ts';

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
    for (;;) {
      const answer = await stream.next();
      if (answer?.data === undefined || answer.errors.length > 0)
        throw new Error(`the logs ended: ${answer?.text ?? 'without a word'}`);
      const [value] = Object.values(answer.data as object) as readonly unknown[];
      for (const line of listAt(value, 'lines')) add(lines, textAt(line, 'pod'), textAt(line, 'line'));
      if (isEnough(lines)) return textAt(value, 'cursor');
    }
  } finally {
    await stream.close();
  }
}

function add(lines: LinesByPod, pod: string, line: string): void {
  const known = lines.get(pod);
  if (known === undefined) lines.set(pod, [line]);
  else known.push(line);
}
