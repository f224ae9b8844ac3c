import { describe, expect, it } from 'vitest';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import type { ExecTarget } from '../../../src/exec/exec-target.ts';
import { type ExecSession, startSession } from '../../../src/exec/session.ts';
import { targetFor } from '../cluster/support/kubeconfig.ts';
import { rejection, testUpstream } from '../cluster/support/upstream.ts';
import { podStreams, type PodStream, type PodStreamsOptions } from '../support/pod-streams.ts';

const TERMINAL: ExecTarget = {
  namespace: 'a',
  pod: 'p',
  container: 'c',
  command: ['sh'],
  stdin: true,
  stdout: true,
  stderr: false,
  tty: true,
};

interface Terminal {
  readonly session: ExecSession;
  readonly pod: PodStream;
  readonly output: readonly string[];
}

async function terminal(
  changes: Partial<ExecTarget> = {},
  options: PodStreamsOptions = {},
): Promise<Terminal> {
  const streams = await podStreams(options);
  const output: string[] = [];
  const session = await startSession(testUpstream({ target: targetFor(streams.origin) }), {
    identity: KUBECONFIG_IDENTITY,
    target: { ...TERMINAL, ...changes },
    onOutput: (stream, data) => output.push(`${stream} ${data.toString()}`),
  });
  return { session, pod: await streams.next(), output };
}

describe('a session', () => {
  it('tells the terminal its size, what is typed, and the end of it', async () => {
    const { session, pod, output } = await terminal();
    session.resize(120, 40);
    await session.write(Buffer.from('ls\r'));
    session.closeStdin();
    expect([await pod.next(), await pod.next(), await pod.next()]).toEqual([
      [4, '{"Width":120,"Height":40}'],
      [0, 'ls\r'],
      [255, '\0'],
    ]);
    pod.send(1, 'a.txt\r\n');
    pod.end({ metadata: {}, status: 'Success' });
    expect([await session.exitCode, output]).toEqual([0, ['stdout a.txt\r\n']]);
  });

  it('attaches to what runs where no command is given', async () => {
    const { pod, session } = await terminal({ command: undefined, tty: false });
    expect(pod.url.pathname + pod.url.search).toBe(
      '/api/v1/namespaces/a/pods/p/attach?container=c&stdin=true&stdout=true&stderr=false&tty=false',
    );
    session.end();
    await pod.closed;
  });

  it('with an older server has no end of stdin but its own', async () => {
    const { session, pod } = await terminal({}, { protocols: ['v4.channel.k8s.io'] });
    expect(session.canCloseStdin).toBe(false);
    expect(() => session.closeStdin()).toThrow('no end of stdin');
    pod.end({ status: 'Success' });
    expect(await session.exitCode).toBe(0);
  });

  it.each([
    ['no exit code', { status: 'Failure', reason: 'NonZeroExitCode', details: { causes: [] }, code: 500 }],
    [
      'one that is no number',
      {
        status: 'Failure',
        reason: 'NonZeroExitCode',
        details: { causes: [{ reason: 'ExitCode', message: 'x' }] },
      },
    ],
    ['none of its members', {}],
  ])('whose last word has %s failed', async (_, status) => {
    const { session, pod } = await terminal();
    pod.end(status);
    expect(await rejection(session.exitCode)).toMatchObject({ code: 'UPSTREAM_ERROR' });
  });
});
