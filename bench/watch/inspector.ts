import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

/** What a process holds in JavaScript: the heap and the buffers beside it, in bytes, after a full collection. */
export interface Inspector {
  held(): Promise<number>;
  close(): void;
}

/** To a call of the inspector's protocol; events have no id. */
interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

const TRIES = 200;
const BETWEEN_MS = 25;
/** Objects with weak references or finalizers are gone only after another collection or two. */
const COLLECTIONS = 3;

/** What to start Node with, so that `inspect` can come in later. Nothing listens until then. */
export async function inspectable(): Promise<{ readonly port: number; readonly args: readonly string[] }> {
  const port = await freePort();
  return { port, args: [`--inspect-port=127.0.0.1:${port}`, '--inspect-publish-uid=http'] };
}

/** Comes into a process that runs. It takes some memory there: compare only what was measured afterwards. */
export async function inspect(pid: number, port: number): Promise<Inspector> {
  process.kill(pid, 'SIGUSR1');
  const socket = new WebSocket(await debuggerUrl(port));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  const pending = new Map<number, (reply: Reply) => void>();
  socket.on('message', (text: Buffer) => {
    // Of the protocol's own form.
    const reply = JSON.parse(text.toString('utf8')) as Reply;
    pending.get(reply.id)?.(reply);
    pending.delete(reply.id);
  });
  socket.once('close', () => {
    for (const [id, settle] of pending) settle({ id, error: { message: 'the process has ended' } });
  });
  let calls = 0;
  const call = (method: string, params: object = {}): Promise<unknown> => {
    const id = ++calls;
    return new Promise((resolve, reject) => {
      pending.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result);
        else reject(new Error(`${method}: ${error.message}`));
      });
      socket.send(JSON.stringify({ id, method, params }));
    });
  };
  return {
    held: async () => {
      for (let left = COLLECTIONS; left > 0; left--) await call('HeapProfiler.collectGarbage');
      const expression = '(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())';
      const answer = await call('Runtime.evaluate', { expression, returnByValue: true });
      // Of the expression's own type.
      return (answer as { result: { value: number } }).result.value;
    },
    close: () => socket.close(),
  };
}

async function debuggerUrl(port: number): Promise<string> {
  for (let left = TRIES; ; left--) {
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/json/list`);
      const [target] = (await answer.json()) as readonly { readonly webSocketDebuggerUrl: string }[];
      if (target !== undefined) return target.webSocketDebuggerUrl;
    } catch (error) {
      if (left === 0) throw error;
    }
    await sleep(BETWEEN_MS);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
