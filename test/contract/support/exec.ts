import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { parseExact, textAt } from '../../real/support/exact-json.ts';
import { serverUnderTest } from './context.ts';

export interface ExecOptions {
  readonly command: readonly string[];
  readonly container?: string;
  readonly stdout?: boolean;
  readonly stderr?: boolean;
}

export interface Execution {
  /** The one that the server chose. */
  readonly protocol: string;
  /** All that came, as it came. */
  readonly frames: readonly Buffer[];
  /** What came on a channel. */
  readonly text: (channel: number) => string;
  /** What came on channel 3, at the end. */
  readonly status: string;
  /** With which the server closed. */
  readonly code: number;
}

/** Why there was no WebSocket. */
class ExecRefused extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Runs a command as admin, without standard input, and resolves when the server has closed. */
export async function exec(
  path: string,
  { command, ...options }: ExecOptions,
  protocols: readonly string[] = ['v5.channel.k8s.io', 'v4.channel.k8s.io'],
): Promise<Execution> {
  const { ca, tokens, url } = serverUnderTest();
  const query = new URLSearchParams([
    ...command.map((word) => ['command', word] as [string, string]),
    ...Object.entries(options).map(([name, value]) => [name, String(value)] as [string, string]),
  ]);
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${path}?${query.toString()}`, [...protocols], {
    ca,
    headers: { authorization: `Bearer ${tokens.admin}` },
  });
  const frames: Buffer[] = [];
  socket.on('message', (data: Buffer) => frames.push(data));
  const code = await new Promise<number>((resolve, reject) => {
    socket.once('close', resolve);
    socket.once('error', reject);
    socket.once('unexpected-response', (_, response: IncomingMessage) => void refusal(response).then(reject));
  });
  const text = (channel: number) =>
    Buffer.concat(frames.filter((frame) => frame[0] === channel).map((frame) => frame.subarray(1))).toString(
      'utf8',
    );
  return { protocol: socket.protocol, frames, text, status: text(3), code };
}

async function refusal(response: IncomingMessage): Promise<ExecRefused> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  const message = text.startsWith('{') ? textAt(parseExact(text), 'message') : text;
  return new ExecRefused(response.statusCode ?? 0, message);
}
