import { once } from 'node:events';
import { statSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { testDirectory } from '../cluster/support/directory.ts';
import { kubeconfigText } from '../cluster/support/kubeconfig.ts';
import { listen } from '../cluster/support/server.ts';
import { STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import { startStub } from '../support/stub-api-server.ts';
import { runCli, startCli } from './run-cli.ts';

// A process takes its time to start.
const SLOW = 60_000;

async function kubeconfigOfStub(): Promise<string> {
  const { origin } = await startStub(STANDARD_CLUSTER);
  return testDirectory().write('config', kubeconfigText({ cluster: { server: origin } }));
}

async function statusAt(
  options: { socketPath: string } | { port: number },
  path: string,
): Promise<number | undefined> {
  const [answer] = (await once(httpRequest({ ...options, path }).end(), 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

describe('kubegraph proxy', () => {
  it('says where it serves, as kubectl does, and ends when it is told to', { timeout: SLOW }, async () => {
    const running = startCli(['proxy', '--kubeconfig', await kubeconfigOfStub(), '--port', '0']);
    const greeting = await running.greeting();
    expect(greeting).toMatch(/^Starting to serve on 127\.0\.0\.1:\d+$/);
    const port = Number(greeting.split(':')[1]);
    expect(await statusAt({ port }, '/api/v1/namespaces/shop/pods')).toBe(200);
    expect(await statusAt({ port }, '/api/v1/namespaces/shop/pods/a/exec')).toBe(403);
    expect(await running.stop('SIGINT')).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it(
    'serves on a socket for its owner, in the place of one that was left behind',
    { timeout: SLOW },
    async () => {
      const socketPath = testDirectory().at('k.sock');
      const killed = startCli([
        'proxy',
        '--kubeconfig',
        await kubeconfigOfStub(),
        '--unix-socket',
        socketPath,
      ]);
      expect(await killed.greeting()).toBe(`Starting to serve on ${socketPath}`);
      expect(statSync(socketPath).mode & 0o777).toBe(0o600);
      await killed.stop('SIGKILL');
      const running = startCli([
        'proxy',
        '--kubeconfig',
        await kubeconfigOfStub(),
        '--unix-socket',
        socketPath,
      ]);
      expect(await running.greeting()).toBe(`Starting to serve on ${socketPath}`);
      expect(await statusAt({ socketPath }, '/api/v1/namespaces/shop/pods')).toBe(200);
      expect(await running.stop('SIGTERM')).toMatchObject({ exitCode: 0, stderr: '' });
    },
  );

  it('does not take the place of somebody who serves', async () => {
    const socketPath = testDirectory().at('k.sock');
    const server = createServer((socket) => socket.destroy()).listen(socketPath);
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { exitCode, stderr } = await runCli([
      'proxy',
      '--kubeconfig',
      await kubeconfigOfStub(),
      '--unix-socket',
      socketPath,
    ]);
    expect([exitCode, stderr]).toEqual([
      1,
      `kubegraph: --unix-socket ${socketPath} is taken: choose another\n`,
    ]);
  });

  it('says that a port is taken', async () => {
    const server = createServer();
    const port = await listen(server);
    onTestFinished(() => void server.close());
    const { exitCode, stderr } = await runCli([
      'proxy',
      '--kubeconfig',
      await kubeconfigOfStub(),
      '--port',
      String(port),
    ]);
    expect([exitCode, stderr]).toEqual([
      1,
      `kubegraph: port ${port} on 127.0.0.1 is taken: choose another with --port\n`,
    ]);
  });

  it.each([
    [['--reject-paths', '^/api,(?=x)'], /--reject-paths: "\(\?=x\)" is no regular expression/],
    [['--accept-paths', '('], /--accept-paths: /],
    [['--accept-hosts', '['], /--accept-hosts: /],
    [['--reject-methods', '*'], /--reject-methods: /],
    [['--port', '1', '--unix-socket', 'x'], /--unix-socket takes the place of --port/],
    [['--port', 'x'], /--port is a number/],
    [['--api-prefix', 'x'], /--api-prefix is a path/],
    [['--api-prefix', '/a/../b'], /--api-prefix is a path/],
    [['--api-prefix', ''], /--api-prefix is a path/],
    [['--www', '.', '--www-prefix', '/'], /are the same/],
    [['--www', '/nowhere'], /--www \/nowhere is no folder/],
  ])('%j cannot be meant', async (args, line) => {
    const { exitCode, stdout, stderr } = await runCli(['proxy', ...args]);
    expect(stderr).toMatch(/^kubegraph: [^\n]+\n$/);
    expect(stderr).toMatch(line);
    expect([exitCode, stdout]).toEqual([2, '']);
  });
});
