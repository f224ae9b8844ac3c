import { onTestFinished } from 'vitest';
import { at, type Exact, parseExact, textAt } from '../../real/support/exact-json.ts';
import { type Api, type Call, admin } from './api.ts';

export interface Frame {
  readonly type: string;
  readonly object: Exact | undefined;
  /** `object.metadata.name`; empty for a bookmark. */
  readonly name: string;
  /** The line as it came. */
  readonly text: string;
}

/** A watch under way. */
export interface Watch {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The next frame, whatever it is; undefined when the stream has ended. */
  next(): Promise<Frame | undefined>;
  /** Every frame up to the first that satisfies `isLast`, which is the last of them. Throws at the end of the stream. */
  until(isLast: (frame: Frame) => boolean): Promise<readonly Frame[]>;
  /** What comes until the stream ends. */
  rest(): Promise<readonly Frame[]>;
}

/** Watches and resolves when the stream has begun. It ends with the test at the latest. */
export async function watch(path: string, call: Call = {}, api: Api = admin): Promise<Watch> {
  const answer = await api.open(path, { ...call, query: { watch: true, ...call.query } });
  if (answer.status !== 200) throw new Error(`no watch: ${answer.status} ${await answer.body.text()}`);
  onTestFinished(() => void answer.body.on('error', () => undefined).destroy());
  const frames = framesIn(answer.body);
  const next: Watch['next'] = async () => {
    const result = await frames.next();
    return result.done === true ? undefined : result.value;
  };
  const until: Watch['until'] = async (isLast) => {
    const seen: Frame[] = [];
    for (;;) {
      const frame = await next();
      if (frame === undefined)
        throw new Error(`the watch ended after ${seen.map(({ text }) => text).join('')}`);
      seen.push(frame);
      if (isLast(frame)) return seen;
    }
  };
  const rest: Watch['rest'] = async () => {
    const seen: Frame[] = [];
    for (let frame = await next(); frame !== undefined; frame = await next()) seen.push(frame);
    return seen;
  };
  return { headers: answer.headers, next, until, rest };
}

/** The options of a streaming list, which ends with a bookmark of its own. */
export const STREAMING_LIST = {
  sendInitialEvents: true,
  resourceVersionMatch: 'NotOlderThan',
  allowWatchBookmarks: true,
} as const;

/** Whether a frame is the bookmark that ends the initial events. */
export function endsInitialEvents({ type, object }: Frame): boolean {
  const annotation = at(object, 'metadata', 'annotations', 'k8s.io/initial-events-end');
  return type === 'BOOKMARK' && annotation === 'true';
}

/** `ADDED name` for each frame. */
export function typesAndNames(frames: readonly Frame[]): readonly string[] {
  return frames.map(({ type, name }) => `${type} ${name}`);
}

async function* framesIn(body: AsyncIterable<Buffer>): AsyncGenerator<Frame, void, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') yield frameOf(line);
  }
  if (rest !== '') throw new Error(`the stream was cut inside of a frame: ${rest}`);
}

function frameOf(line: string): Frame {
  const value = parseExact(line);
  const object = at(value, 'object');
  const name = at(object, 'metadata', 'name');
  return {
    type: textAt(value, 'type'),
    object,
    name: typeof name === 'string' ? name : '',
    text: line,
  };
}
