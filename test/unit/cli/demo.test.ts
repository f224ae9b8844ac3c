import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadKubeconfig } from '../../../src/cluster/kubeconfig/load.ts';
import { testDirectory } from '../cluster/support/directory.ts';
import { runCli, startCli } from './run-cli.ts';

// A process takes its time to start.
const SLOW = 60_000;

async function ask(url: string, query: string): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return response.json();
}

describe('demo', () => {
  it('starts a cluster and the gateway, answers, and leaves nothing behind', { timeout: SLOW }, async () => {
    const directory = testDirectory().path;
    const cli = startCli(['demo', '--port', '0', '--quiet', '--directory', directory]);
    const url = /http:\/\/\S+/.exec(await cli.greeting())?.[0] ?? '';
    const answer = await ask(
      url,
      '{ deployment(namespace: "shop", name: "web") { kind metadata { name } } }',
    );
    expect(answer).toEqual({ data: { deployment: { kind: 'Deployment', metadata: { name: 'web' } } } });
    const { exitCode, stdout, stderr } = await cli.stop('SIGTERM');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain(path.join(directory, 'kubeconfig'));
    for (const operation of stdout
      .split('\n')
      .filter((line) => /^ {2}(?:\{|mutation|subscription)/.test(line))) {
      expect(operation).toMatch(/\}$/);
    }
  });

  it('answers the operations that it proposes', { timeout: SLOW }, async () => {
    const cli = startCli(['demo', '--port', '0', '--quiet']);
    const url = /http:\/\/\S+/.exec(await cli.greeting())?.[0] ?? '';
    expect(
      await ask(url, '{ pods(namespace: "shop") { items { metadata { name } status { phase } } } }'),
    ).not.toHaveProperty('errors');
    expect(
      await ask(
        url,
        'mutation { scaleDeployment(namespace: "shop", name: "web", replicas: 5) { spec { replicas } } }',
      ),
    ).toEqual({ data: { scaleDeployment: { spec: { replicas: 5 } } } });
    await cli.stop('SIGINT');
  });

  it(
    '--cluster-only is the API server alone, with a kubeconfig for each of two users',
    { timeout: SLOW },
    async () => {
      const directory = testDirectory().path;
      const cli = startCli(['demo', '--cluster-only', '--quiet', '--directory', directory]);
      expect(await cli.greeting()).toMatch(/an API server at https:\/\/127\.0\.0\.1:\d+$/);
      for (const file of ['kubeconfig', 'kubeconfig-viewer']) {
        const { server } = loadKubeconfig({ path: path.join(directory, file), env: {}, homeDir: directory });
        expect(server.host).toMatch(/^127\.0\.0\.1:/);
        expect(readFileSync(path.join(directory, file), 'utf8')).toContain('certificate-authority-data');
      }
      expect((await cli.stop('SIGTERM')).exitCode).toBe(0);
    },
  );

  it.each([
    [['demo', '--seed', 'x'], /--seed is a whole number/],
    [['demo', '--port', 'x'], /--port is a number/],
    [['demo', '--cluster-port', '70000'], /--cluster-port is a number/],
  ])('%j is one line on stderr', async (args, line) => {
    const { exitCode, stderr } = await runCli(args);
    expect(stderr).toMatch(/^kubegraph: [^\n]+\n$/);
    expect(stderr).toMatch(line);
    expect(exitCode).toBe(2);
  });

  it('says which flag named a folder that cannot be written to', { timeout: SLOW }, async () => {
    const file = testDirectory().write('file', '');
    const { exitCode, stderr } = await startCli(['demo', '--cluster-only', '--directory', file]).ended;
    expect(stderr).toBe(
      `kubegraph: --directory ${file} cannot be written to: its path goes through a file (kubegraph demo --help)\n`,
    );
    expect(exitCode).toBe(2);
  });
});
