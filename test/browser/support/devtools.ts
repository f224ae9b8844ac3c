import type { Readable, Writable } from 'node:stream';

/** A session's or the browser's own methods: https://chromedevtools.github.io/devtools-protocol */
export interface DevTools {
  /** Rejects with the browser's message, or when the page or the browser is gone. */
  call(method: string, parameters?: object, sessionId?: string): Promise<unknown>;
}

/** An answer to a call, or an event, which has no id. */
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Waiting {
  readonly method: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The protocol over a browser's pipes (`--remote-debugging-pipe`): JSON texts, a null character after each. */
export function speakDevTools(input: Writable, output: Readable): DevTools {
  const waiting = new Map<number, Waiting>();
  let gone: Error | undefined;
  const fail = (reason: string) => {
    gone = new Error(reason);
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
  };
  const settle = ({ id, method, result, error }: Message) => {
    // What has been asked of a page that has crashed is never answered.
    if (method === 'Inspector.targetCrashed') return fail('the page has crashed');
    const call = id === undefined ? undefined : waiting.get(id);
    if (id === undefined || call === undefined) return;
    waiting.delete(id);
    if (error === undefined) call.resolve(result);
    else call.reject(new Error(`${call.method}: ${error.message}`));
  };
  let rest = '';
  output.setEncoding('utf8').on('data', (text: string) => {
    const messages = (rest + text).split('\0');
    rest = messages.pop() ?? '';
    for (const message of messages) settle(JSON.parse(message) as Message);
  });
  output.once('close', () => fail('the browser is gone'));
  input.once('error', () => fail('the browser is gone'));
  let lastId = 0;
  return {
    call: (method, params = {}, sessionId) =>
      new Promise((resolve, reject) => {
        if (gone !== undefined) return reject(gone);
        const id = ++lastId;
        waiting.set(id, { method, resolve, reject });
        input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
      }),
  };
}
