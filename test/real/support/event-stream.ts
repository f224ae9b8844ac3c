import { at, type Exact, textAt } from './exact-json.ts';
import { readAnswer, type GraphQLAnswer } from './graphql-client.ts';

/** One event of a subscription, and what was selected on its object. */
export interface StreamedEvent {
  readonly type: string;
  readonly object: Exact | undefined;
  readonly cursor: string;
}

/** A subscription under way. Answers wait in a queue, so that nothing is lost between two reads. */
export interface EventStream {
  /** The next answer, whatever it is; undefined when the stream has ended. */
  next(): Promise<GraphQLAnswer | undefined>;
  /** The next event. Throws when an error or the end comes instead. */
  event(): Promise<StreamedEvent>;
  /** Every event up to the first that satisfies `isLast`, which is the last of them. */
  until(isLast: (event: StreamedEvent) => boolean): Promise<readonly StreamedEvent[]>;
  /** The snapshot: every event up to SYNCED, which is the last of them. */
  snapshot(): Promise<readonly StreamedEvent[]>;
  /** Leaves. */
  close(): Promise<void>;
}

/**
 * @param answers the subscription's answers as they come.
 * @param close ends the subscription, and with it `answers`.
 */
export function eventStream(answers: AsyncIterator<GraphQLAnswer>, close: () => Promise<void>): EventStream {
  const next = async () => {
    const result = await answers.next();
    return result.done === true ? undefined : result.value;
  };
  const event = async (): Promise<StreamedEvent> => {
    const answer = await next();
    if (answer === undefined) throw new Error('the subscription ended');
    const [value] = Object.values((answer.data ?? {}) as Readonly<Record<string, Exact>>);
    if (value === undefined || value === null) throw new Error(`no event, but ${answer.text}`);
    return { type: textAt(value, 'type'), object: at(value, 'object'), cursor: textAt(value, 'cursor') };
  };
  const until: EventStream['until'] = async (isLast) => {
    const events: StreamedEvent[] = [];
    for (;;) {
      const current = await event();
      events.push(current);
      if (isLast(current)) return events;
    }
  };
  return { next, event, until, snapshot: () => until(({ type }) => type === 'SYNCED'), close };
}

/** Subscribes over server-sent events and resolves when the answer has begun. */
export async function subscribeOverSse(
  url: string,
  document: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<EventStream> {
  const controller = new AbortController();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query: document }),
    signal: controller.signal,
  });
  const { body } = response;
  if (!response.ok || body === null) {
    throw new Error(`the subscription was refused: ${response.status} ${await response.text()}`);
  }
  return eventStream(answersIn(body, controller.signal), async () => controller.abort());
}

/** Reads `event: next` messages until `event: complete`, the end of the stream or the abort. */
async function* answersIn(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<GraphQLAnswer, void, void> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of body) {
      const messages = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
      rest = messages.pop() ?? '';
      for (const message of messages) {
        if (message.startsWith('event: complete')) return;
        const data = /^data: ?(.*)$/m.exec(message)?.[1];
        // Comments keep the connection alive.
        if (data !== undefined && message.startsWith('event: next')) yield readAnswer(200, data);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
