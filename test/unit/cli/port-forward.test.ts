import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { testDirectory } from '../cluster/support/directory.ts';
import { kubeconfigText } from '../cluster/support/kubeconfig.ts';
import { podIn } from '../ports/support.ts';
import { podStreams, type PodStreams } from '../support/pod-streams.ts';
import { listening } from '../server/support/listening.ts';
import { runCli, startCli } from './run-cli.ts';
import { createServer } from 'node:http';

// A process takes its time to start.
const SLOW = 60_000;

const OBJECTS = { '/api/v1/namespaces/a/pods/p': podIn('p') };

interface Pods {
  readonly streams: PodStreams;
  /** The path of a kubeconfig whose context is in the namespace `a`. */
  readonly kubeconfig: string;
}

async function pods(): Promise<Pods> {
  const streams = await podStreams({ protocols: ['v4.channel.k8s.io'], objects: OBJECTS });
  const text = kubeconfigText({ cluster: { server: streams.origin }, context: { namespace: 'a' } });
  return { streams, kubeconfig: testDirectory().write('config', text) };
}

describe('kubegraph port-forward', () => {
  it.each([
    [[], /a pod's NAME, or KIND\/NAME/],
    [['node/n', '80'], /one of pod, service/],
    [['p'], /say which ports/],
    [['p', '80', 'x:y'], /not "x:y"/],
    [['p', '80', '--port', '1'], /Unknown option '--port'/],
  ])('refuses %j with one line and the code 2', async (args, line) => {
    const { exitCode, stdout, stderr } = await runCli(['port-forward', ...args]);
    expect(stderr).toMatch(/^kubegraph: [^\n]+\n$/);
    expect(stderr).toMatch(line);
    expect([exitCode, stdout]).toEqual([2, '']);
  });

  it.each([
    [['gone', '80'], /not found/],
    [['p', 'dns'], /no TCP port that is called dns/],
  ])('cannot do %j, and says why before it listens', async (args, line) => {
    const { kubeconfig } = await pods();
    const { exitCode, stdout, stderr } = await runCli(['port-forward', '--kubeconfig', kubeconfig, ...args]);
    expect(stderr).toMatch(line);
    expect([exitCode, stdout]).toEqual([1, '']);
  });

  it('looks in the namespace that it is told', async () => {
    const { kubeconfig, streams } = await pods();
    await runCli(['port-forward', '--kubeconfig', kubeconfig, 'p', '80', '-n', 'b']);
    expect(streams.requests.map(({ url }) => url)).toEqual(['/api/v1/namespaces/b/pods/p']);
  });

  it('says which port is taken', async () => {
    const { kubeconfig } = await pods();
    const port = await listening(createServer());
    const { exitCode, stderr } = await runCli([
      'port-forward',
      '--kubeconfig',
      kubeconfig,
      'p',
      `${port}:80`,
    ]);
    expect([exitCode, stderr]).toEqual([
      1,
      `kubegraph: port ${port} is taken: choose another one, or 0 for any\n`,
    ]);
  });

  it(
    'forwards until it is told to end',
    async () => {
      const { kubeconfig, streams } = await pods();
      const forwarding = startCli(['port-forward', '--kubeconfig', kubeconfig, 'pod/p', ':http']);
      const greeting = await forwarding.greeting();
      const [, port] = /^Forwarding from 127\.0\.0\.1:(\d+) -> 8080$/.exec(greeting) ?? [];
      const client = connect(Number(port), '127.0.0.1');
      client.write('hello');
      const pod = await streams.next();
      expect(pod.url.search).toBe('?ports=8080');
      expect(await pod.next()).toEqual([0, 'hello']);
      const cut = once(client, 'close');
      const { exitCode, stderr } = await forwarding.stop('SIGTERM');
      await cut;
      expect([exitCode, stderr]).toEqual([0, '']);
    },
    SLOW,
  );
});
