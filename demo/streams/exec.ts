import type { RawData, WebSocket } from 'ws';
import type { KubeObject } from '../api/object.ts';
import { ByteQueue } from './byte-queue.ts';
import { badRequest, chooseContainer, nodeOf } from './containers.ts';
import { run, type Outcome, type ShellContext } from './shell.ts';

/** The subprotocols that are spoken, best first. `channel.k8s.io` has no error channel worth the name. */
export const EXEC_PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const;

export interface ExecRequest {
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/**
 * Reads an exec request. Everything that can be wrong with it is answered before the connection becomes a WebSocket.
 *
 * @throws ApiError 400.
 */
export function execRequest(pod: KubeObject, query: URLSearchParams): ExecRequest {
  const container =
    nodeOf(pod) === undefined ? '' : chooseContainer(pod, query.get('container') ?? undefined);
  if (container === '') throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  const wants = (name: string): boolean => ['1', 'true'].includes(query.get(name) ?? '');
  return {
    pod: pod.metadata.name,
    container,
    command: query.getAll('command'),
    env: environmentOf(pod, container),
    stdin: wants('stdin'),
    stdout: wants('stdout'),
    stderr: wants('stderr'),
    tty: wants('tty'),
  };
}

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const ERROR = 3;
/** `[255, channel]`: no more on that channel; v5 only. */
const CLOSE = 255;

/** Runs the command on an open WebSocket and closes that with how it ended. Terminal sizes are taken and ignored. */
export async function serveExec(socket: WebSocket, request: ExecRequest, now: () => number): Promise<void> {
  const isV5 = socket.protocol === EXEC_PROTOCOLS[0];
  const stdin = new ByteQueue();
  if (!request.stdin) stdin.end();
  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (isBinary) receive(bytesOf(data), stdin, isV5);
  });
  socket.on('close', () => stdin.end());
  socket.on('error', () => stdin.end());
  const send = (channel: number, data: string | Buffer): void => {
    if (socket.readyState === socket.OPEN)
      socket.send(Buffer.concat([Buffer.of(channel), Buffer.from(data)]));
  };
  // Tells the client that the connection is up.
  send(request.stdout ? STDOUT : request.stderr && !request.tty ? STDERR : ERROR, '');
  const outcome = await execute(request, shellContext(request, stdin, send, now));
  send(ERROR, JSON.stringify(isV5 ? { metadata: {}, ...outcome } : outcome));
  socket.close(1000);
}

function shellContext(
  request: ExecRequest,
  stdin: ByteQueue,
  send: (channel: number, data: string | Buffer) => void,
  now: () => number,
): ShellContext {
  const { container, env, pod, stderr, stdout, tty } = request;
  // A terminal has one output, and wants both characters of a line break.
  const ending = (data: string | Buffer): string | Buffer =>
    tty ? data.toString().replace(/\r?\n/g, '\r\n') : data;
  const errors = tty ? STDOUT : STDERR;
  return {
    pod,
    container,
    env,
    now,
    stdin,
    stdout: (data) => (stdout ? send(STDOUT, ending(data)) : undefined),
    stderr: (data) => (stderr || tty ? send(errors, ending(data)) : undefined),
  };
}

function receive(message: Buffer, stdin: ByteQueue, isV5: boolean): void {
  const [channel, ...rest] = message.subarray(0, 2);
  if (channel === STDIN) stdin.push(message.subarray(1));
  else if (isV5 && channel === CLOSE && rest[0] === STDIN) stdin.end();
}

/** How a command ended, as the last message on the error channel says it. */
async function execute(
  request: ExecRequest,
  context: ShellContext,
): Promise<Readonly<Record<string, unknown>>> {
  if (!request.stdin && !request.stdout && !request.stderr) {
    return failed('unable to upgrade connection: you must specify at least 1 of stdin, stdout, stderr');
  }
  return statusOf(await run(request.command, context));
}

function statusOf(outcome: Outcome): Readonly<Record<string, unknown>> {
  if (outcome.kind === 'notFound') {
    const { name } = outcome;
    return failed(
      `error executing command in container: exec: "${name}": executable file not found in $PATH`,
    );
  }
  if (outcome.code === 0) return { status: 'Success' };
  const code = String(outcome.code);
  return {
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: code }] },
  };
}

function failed(message: string): Readonly<Record<string, unknown>> {
  return {
    status: 'Failure',
    message: `Internal error occurred: ${message}`,
    reason: 'InternalError',
    details: { causes: [{ message }] },
    code: 500,
  };
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

interface ContainerSpec {
  readonly name: string;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

/** The variables that a container's spec gives as plain values. */
function environmentOf(pod: KubeObject, container: string): Readonly<Record<string, string>> {
  // The schema has checked what was stored.
  const { containers = [] } = (pod['spec'] ?? {}) as { readonly containers?: readonly ContainerSpec[] };
  const env = containers.find(({ name }) => name === container)?.env ?? [];
  return Object.fromEntries(env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
}
