import { describe, expect, it } from 'vitest';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import {
  type Command,
  type CommandResult,
  MAX_OUTPUT_BYTES,
  runCommand,
} from '../../../src/exec/run-command.ts';
import {
  podStreams,
  type PodStream,
  type PodStreams,
  type PodStreamsOptions,
} from '../support/pod-streams.ts';
import { targetFor } from '../cluster/support/kubeconfig.ts';
import { rejection, testUpstream } from '../cluster/support/upstream.ts';

const SUCCESS = { metadata: {}, status: 'Success' };

interface Run {
  readonly streams: PodStreams;
  readonly result: Promise<CommandResult>;
  /** The command, as the node sees it. */
  readonly stream: () => Promise<PodStream>;
}

async function start(changes: Partial<Command> = {}, options: PodStreamsOptions = {}): Promise<Run> {
  const streams = await podStreams(options);
  const result = runCommand(testUpstream({ target: targetFor(streams.origin) }), {
    identity: KUBECONFIG_IDENTITY,
    namespace: 'a',
    pod: 'p',
    container: undefined,
    words: ['true'],
    stdin: undefined,
    timeLimitMs: 60_000,
    signal: new AbortController().signal,
    ...changes,
  });
  // Tests that look at the stream first come to it later.
  result.catch(() => undefined);
  return { streams, result, stream: () => streams.next() };
}

function exited(code: number): object {
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: exit status ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}

describe('a command', () => {
  it('is given to the pod word by word, with the streams that are wanted', async () => {
    const { stream, result } = await start({
      container: 'c',
      words: ['sh', '-c', 'a & b=ü'],
      namespace: 'n s',
    });
    const { url, socket, end } = await stream();
    expect(url.pathname).toBe('/api/v1/namespaces/n%20s/pods/p/exec');
    expect([...url.searchParams]).toEqual([
      ['command', 'sh'],
      ['command', '-c'],
      ['command', 'a & b=ü'],
      ['container', 'c'],
      ['stdin', 'false'],
      ['stdout', 'true'],
      ['stderr', 'true'],
      ['tty', 'false'],
    ]);
    expect(socket.protocol).toBe('v5.channel.k8s.io');
    end(SUCCESS);
    await result;
  });

  it('answers what it wrote, each stream in order', async () => {
    const { stream, result } = await start();
    const { send, end } = await stream();
    send(1, '');
    send(1, 'one ');
    send(2, 'oh ');
    send(1, Buffer.from([0xff, 0x00]));
    send(2, 'no');
    end(SUCCESS);
    expect(await result).toEqual({
      stdout: Buffer.from([...Buffer.from('one '), 0xff, 0x00]),
      stderr: Buffer.from('oh no'),
      exitCode: 0,
      isTruncated: false,
    });
  });

  it.each([1, 2, 137, 255])('answers the exit code %i as a result', async (code) => {
    const { stream, result } = await start();
    (await stream()).end(exited(code));
    expect((await result).exitCode).toBe(code);
  });

  it('is kept from filling the memory, and still tells how it ended', async () => {
    const { stream, result } = await start();
    const { send, end } = await stream();
    for (let chunk = 0; chunk < 20; chunk++) send(1, Buffer.alloc(MAX_OUTPUT_BYTES / 8, chunk));
    send(2, 'e');
    end(exited(3));
    const { stdout, stderr, exitCode, isTruncated } = await result;
    expect([stdout.length, stdout.at(-1), stderr.toString(), exitCode, isTruncated]).toEqual([
      MAX_OUTPUT_BYTES,
      7,
      'e',
      3,
      true,
    ]);
  });

  it('is not cut where it wrote exactly what is kept', async () => {
    const { stream, result } = await start();
    const { send, end } = await stream();
    send(1, Buffer.alloc(MAX_OUTPUT_BYTES));
    end(SUCCESS);
    expect(await result).toMatchObject({ isTruncated: false });
  });

  it('keeps the bytes of a program that writes one at a time', async () => {
    const { stream, result } = await start();
    const { send, end } = await stream();
    for (let index = 0; index < 3_000; index++) send(1, Buffer.of(index % 256));
    end(SUCCESS);
    expect((await result).stdout).toEqual(
      Buffer.from(Array.from({ length: 3_000 }, (_, index) => index % 256)),
    );
  });
});

describe('stdin', () => {
  it('is what the program reads, and then its end', async () => {
    const { stream, result } = await start({ stdin: Buffer.from('hello') });
    const { url, next, end } = await stream();
    expect(url.searchParams.get('stdin')).toBe('true');
    expect([await next(), await next()]).toEqual([
      [0, 'hello'],
      [255, '\0'],
    ]);
    end(SUCCESS);
    await result;
  });

  it('that is empty ends at once', async () => {
    const { stream, result } = await start({ stdin: Buffer.alloc(0) });
    const { next, end } = await stream();
    expect(await next()).toEqual([255, '\0']);
    end(SUCCESS);
    await result;
  });

  it('goes in pieces that the API server can take', async () => {
    const { stream, result } = await start({ stdin: Buffer.alloc(100_000, 'x') });
    const { next, end } = await stream();
    const pieces: number[] = [];
    for (let [channel, text] = await next(); channel === 0; [channel, text] = await next())
      pieces.push(text.length);
    end(SUCCESS);
    await result;
    expect([Math.max(...pieces) <= 32_768, pieces.reduce((sum, length) => sum + length, 0)]).toEqual([
      true,
      100_000,
    ]);
  });

  it('is refused where the server cannot say that it ends', async () => {
    const { stream, result } = await start({ stdin: Buffer.from('x') }, { protocols: ['v4.channel.k8s.io'] });
    const { closed } = await stream();
    expect(await rejection(result)).toMatchObject({
      code: 'UPSTREAM_ERROR',
      message: expect.stringContaining('1.30'),
    });
    await closed;
  });

  it('that nobody gives is no reason to refuse an old server', async () => {
    const { stream, result } = await start({}, { protocols: ['v4.channel.k8s.io'] });
    (await stream()).end({ status: 'Success' });
    expect(await result).toMatchObject({ exitCode: 0 });
  });
});

describe('a command that does not run to its end', () => {
  it("is the node's failure, in its words", async () => {
    const { stream, result } = await start();
    const message = 'Internal error occurred: error executing command in container: exec: "x": not found';
    (await stream()).end({ metadata: {}, status: 'Failure', reason: 'InternalError', code: 500, message });
    expect(await rejection(result)).toMatchObject({ code: 'UPSTREAM_ERROR', message });
  });

  it.each([
    [400, 'BAD_REQUEST', 'BadRequest'],
    [403, 'FORBIDDEN', 'Forbidden'],
    [404, 'NOT_FOUND', 'NotFound'],
  ])("is the API server's refusal: %i", async (status, code, reason) => {
    const body = JSON.stringify({
      kind: 'Status',
      status: 'Failure',
      message: 'not like this',
      reason,
      code: status,
    });
    const { result } = await start({}, { refusal: { status, body } });
    expect(await rejection(result)).toMatchObject({ code, message: 'not like this' });
  });

  it('is of no known outcome when the connection breaks', async () => {
    const { stream, result } = await start();
    const { send, socket } = await stream();
    send(1, 'half');
    socket.terminate();
    expect(await rejection(result)).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  });

  it('is of no known outcome when the server says goodbye and nothing else', async () => {
    const { stream, result } = await start();
    (await stream()).socket.close(1000);
    expect(await rejection(result)).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  });

  it('is an error of the API server when its last word is none', async () => {
    const { stream, result } = await start();
    const { send, socket } = await stream();
    send(3, 'Internal Server Error');
    socket.close(1000);
    expect(await rejection(result)).toMatchObject({ code: 'UPSTREAM_ERROR' });
  });

  it('ends its connection after its time, and has no known outcome', async () => {
    const { stream, result } = await start({ timeLimitMs: 50 });
    const { closed } = await stream();
    expect(await rejection(result)).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      message: expect.stringContaining('0.05 s'),
    });
    await closed;
  });

  it('ends its connection when the client leaves', async () => {
    const client = new AbortController();
    const { stream, result } = await start({ signal: client.signal });
    const { closed } = await stream();
    client.abort();
    expect(await rejection(result)).toMatchObject({ code: 'CANCELLED' });
    await closed;
  });

  it('has a client that left before', async () => {
    const { result } = await start({ signal: AbortSignal.abort() });
    expect(await rejection(result)).toBeInstanceOf(Error);
  });
});

describe('what answers', () => {
  it('is refused where it speaks another protocol', async () => {
    const { result } = await start({}, { protocols: [] });
    expect(await rejection(result)).toMatchObject({ code: 'UPSTREAM_ERROR' });
  });
});
