import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { version } from '../../../src/util/version.ts';
import { testDirectory } from '../cluster/support/directory.ts';
import { kubeconfigText } from '../cluster/support/kubeconfig.ts';
import { closedPort, listen } from '../cluster/support/server.ts';
import { PODS, STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import { startStub } from '../support/stub-api-server.ts';
import { type CliResult, runCli, startCli } from './run-cli.ts';

// A process takes its time to start.
const SLOW = 60_000;

/** The path of a kubeconfig of one context, `main`, for a server. */
function kubeconfigFor(server: string): string {
  return testDirectory().write('config', kubeconfigText({ cluster: { server } }));
}

/** Asserts that a run failed with one line on stderr that says what to do, and nothing else. */
async function expectOneLine(
  args: readonly string[],
  line: RegExp,
  run: (args: readonly string[]) => Promise<CliResult> = runCli,
  code = 1,
): Promise<void> {
  const { exitCode, stdout, stderr } = await run(args);
  expect(stderr).toMatch(/^kubegraph: [^\n]+\n$/);
  expect(stderr).toMatch(line);
  expect([exitCode, stdout]).toEqual([code, '']);
}

describe('help', () => {
  it('lists the commands, each of which has its own', async () => {
    const help = await runCli(['--help']);
    expect([help.exitCode, help.stderr]).toEqual([0, '']);
    const commands = [...help.stdout.matchAll(/^ {2}([a-z][a-z-]*) {2}/gm)].map(([, name]) => name as string);
    expect(commands).toContain('serve');
    for (const name of commands) {
      const { exitCode, stdout, stderr } = await runCli([name, '--help']);
      expect([exitCode, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(new RegExp(`^Usage: kubegraph ${name}`));
      expect(stdout).toContain('--help');
    }
  });

  it.each([[], ['help'], ['-h'], ['help', '--help']])('is what comes for %j', async (...args) => {
    const { exitCode, stdout, stderr } = await runCli(args);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Usage: kubegraph COMMAND');
  });

  it.each([
    ['help', 'serve'],
    ['--help', 'serve'],
    ['serve', '-h'],
  ])('of one command also comes for %j', async (...args) => {
    expect(await runCli(args)).toEqual(await runCli(['serve', '--help']));
  });

  it.each(['version', '--version', '-v'])('%s tells the version', async (word) => {
    expect(await runCli([word])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('a command line that cannot be meant is one line on stderr, code 2', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['an unknown command', ['srve'], /no command "srve"/],
    ['help for an unknown command', ['help', 'srve'], /no command "srve"/],
    [
      'a file of settings that is not there',
      ['serve', '--config', '/none'],
      /--config \/none cannot be read: it does not exist/,
    ],
    ['an unknown flag', ['serve', '--prot', '1'], /--prot.*kubegraph serve --help/],
    ['a flag without its value', ['serve', '--port'], /--port/],
    ['a stray word', ['serve', 'now'], /now/],
    ['a port that is no number', ['serve', '--port', '4k'], /--port is a number from 0 to 65535, not "4k"/],
    ['a port that is too high', ['serve', '--port', '65536'], /--port is a number/],
    ['an unknown mode', ['serve', '--auth', 'none'], /--auth is kubeconfig or passthrough, not "none"/],
    [
      'the rights of a kubeconfig for the whole network',
      ['serve', '--host', '0.0.0.0'],
      /--host 0\.0\.0\.0 would lend/,
    ],
    ...['--enable-exec', '--enable-service-proxy'].map((flag): [string, readonly string[], RegExp] => [
      `--read-only with ${flag}`,
      ['serve', '--read-only', flag],
      new RegExp(`--read-only and ${flag} exclude each other`),
    ]),
  ])('%s', (_, args, line) => expectOneLine(args, line, runCli, 2));
});

describe('a cluster that cannot be used is one line on stderr', () => {
  it('a kubeconfig that is not there', async () => {
    await expectOneLine(
      ['serve', '--port', '0', '--kubeconfig', '/does/not/exist'],
      /: --kubeconfig \/does\/not\/exist: does not exist/,
    );
  });

  it('no kubeconfig at all, which no flag is blamed for', () =>
    expectOneLine(['serve', '--port', '0'], /^kubegraph: no kubeconfig/));

  it('a kubeconfig that is not one', () =>
    expectOneLine(['serve', '--port', '0', '--kubeconfig', testDirectory().write('config', '{[')], /config/));

  it('a context that it does not have', () =>
    expectOneLine(
      ['serve', '--port', '0', '--kubeconfig', kubeconfigFor('http://127.0.0.1:1'), '--context', 'other'],
      /other.*main|main.*other/,
    ));

  it(
    'an API server that is not reachable, also for the process that it ends',
    { timeout: SLOW },
    async () => {
      const server = `http://127.0.0.1:${await closedPort()}`;
      const args = ['serve', '--port', '0', '--kubeconfig', kubeconfigFor(`${server}/prefix/`)];
      const line = new RegExp(`^kubegraph: ${server}/prefix: the API server is not reachable`);
      await expectOneLine(args, line);
      await expectOneLine(args, line, (words) => startCli(words).ended);
    },
  );

  it(
    'an API server that refuses now, where the last start has left something to begin with',
    { timeout: SLOW },
    async () => {
      const { stub, origin } = await startStub(STANDARD_CLUSTER);
      const home = testDirectory().path;
      const args = ['serve', '--port', '0', '--kubeconfig', kubeconfigFor(origin)];
      const first = startCli(args, home);
      await first.greeting();
      await first.stop('SIGTERM');
      const body = { kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized', code: 401 };
      stub.on('GET', '/apis', { status: 401, body });
      const { exitCode, stdout, stderr } = await startCli(args, home).ended;
      expect(stdout).toMatch(/^kubegraph: http/);
      expect(stderr).toMatch(/^kubegraph: [^\n]*Unauthorized[^\n]*\n$/);
      expect(exitCode).toBe(1);
    },
  );

  it('an API server that refuses', async () => {
    const { stub, origin } = await startStub(STANDARD_CLUSTER);
    const body = { kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized', code: 401 };
    stub.on('GET', '/apis', { status: 401, body });
    await expectOneLine(['serve', '--port', '0', '--kubeconfig', kubeconfigFor(origin)], /Unauthorized/);
  });

  it('something that is no API server', async () => {
    const { stub, origin } = await startStub([]);
    for (const path of ['/api', '/apis', '/openapi/v3']) {
      stub.on('GET', path, { body: '<html>Log in</html>', contentType: 'text/html' });
    }
    await expectOneLine(
      ['serve', '--port', '0', '--kubeconfig', kubeconfigFor(origin)],
      new RegExp(`^kubegraph: ${origin}: what answered is no API server`),
    );
  });

  it('a port that is taken', async () => {
    const taken = createServer();
    const port = await listen(taken);
    onTestFinished(() => void taken.close());
    const { origin } = await startStub(STANDARD_CLUSTER);
    await expectOneLine(
      ['serve', '--port', String(port), '--kubeconfig', kubeconfigFor(origin)],
      new RegExp(`port ${port} on 127\\.0\\.0\\.1 is taken`),
    );
  });
});

describe('serve', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'greets, answers, and ends well on %s',
    { timeout: SLOW },
    async (signal) => {
      const { stub, origin } = await startStub(STANDARD_CLUSTER);
      stub.collection(PODS).put({ metadata: { name: 'p', namespace: 'a' } });
      const serve = startCli(['serve', '--port', '0', '--kubeconfig', kubeconfigFor(origin)]);
      const greeting = await serve.greeting();
      expect(greeting).toMatch(
        /^kubegraph: http:\/\/127\.0\.0\.1:\d+\/graphql → 127\.0\.0\.1:\d+ \(context main\)$/,
      );
      const url = /http:\S+/.exec(greeting)?.[0] ?? '';
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ pods { items { metadata { name } } } }' }),
      });
      expect(await response.json()).toEqual({ data: { pods: { items: [{ metadata: { name: 'p' } }] } } });
      expect(await serve.stop(signal)).toMatchObject({ exitCode: 0, stderr: '' });
    },
  );

  it('passes tokens through without a look at the cluster first', { timeout: SLOW }, async () => {
    const { stub, origin } = await startStub(STANDARD_CLUSTER);
    const serve = startCli([
      'serve',
      '--port',
      '0',
      '--auth',
      'passthrough',
      '--read-only',
      '--kubeconfig',
      kubeconfigFor(origin),
    ]);
    expect(await serve.greeting()).toContain("(callers' own tokens, read-only)");
    expect(stub.requests).toEqual([]);
    expect(await serve.stop('SIGTERM')).toMatchObject({ exitCode: 0 });
  });

  it.each([
    [[], 404],
    [['--enable-service-proxy'], 503],
  ] as const)(
    'asks services where it is told to: with %j it is %i',
    { timeout: SLOW },
    async (flags, status) => {
      const { stub, origin } = await startStub(STANDARD_CLUSTER);
      const body = { kind: 'Status', reason: 'ServiceUnavailable', code: 503 };
      stub.on('GET', '/api/v1/namespaces/a/services/web/proxy/', { status: 503, body });
      const serve = startCli(['serve', '--port', '0', ...flags, '--kubeconfig', kubeconfigFor(origin)]);
      const url = new URL('/services/a/web/', /http:\S+?(?=\/graphql)/.exec(await serve.greeting())?.[0]);
      expect((await fetch(url)).status).toBe(status);
      expect(await serve.stop('SIGTERM')).toMatchObject({ exitCode: 0 });
    },
  );
});
