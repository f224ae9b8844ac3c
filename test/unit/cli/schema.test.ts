import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { testDirectory } from '../cluster/support/directory.ts';
import { kubeconfigText } from '../cluster/support/kubeconfig.ts';
import { closedPort } from '../cluster/support/server.ts';
import { STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import { startStub, type StubApiServer } from '../support/stub-api-server.ts';
import { stubGroupVersion } from '../support/stub-resources.ts';
import { type CliResult, runCli } from './run-cli.ts';

interface Cluster {
  readonly stub: StubApiServer;
  /** Runs `kubegraph schema` on it. */
  readonly schema: (...args: readonly string[]) => Promise<CliResult>;
}

const ALPHA = stubGroupVersion('example.com', 'v1alpha1', { Gadget: 'gadgets' });

async function startCluster(): Promise<Cluster> {
  const { stub, origin } = await startStub([...STANDARD_CLUSTER, ALPHA]);
  const kubeconfig = testDirectory().write('config', kubeconfigText({ cluster: { server: origin } }));
  return { stub, schema: (...args) => runCli(['schema', '--kubeconfig', kubeconfig, ...args]) };
}

/** The list fields that the printed schema has. */
function rootFields({ stdout }: CliResult): readonly string[] {
  return Object.keys(buildSchema(stdout).getQueryType()?.getFields() ?? {});
}

describe('kubegraph schema', () => {
  it('prints the schema and nothing else, the same each time', async () => {
    const { schema } = await startCluster();
    const first = await schema();
    expect([first.exitCode, first.stderr]).toEqual([0, '']);
    expect(rootFields(first)).toEqual(expect.arrayContaining(['apiResources', 'pods', 'widgets']));
    expect((await schema()).stdout).toBe(first.stdout);
    expect((await schema('--no-cache')).stdout).toBe(first.stdout);
  });

  it('changes nothing on the cluster', async () => {
    const { stub, schema } = await startCluster();
    await schema();
    expect(new Set(stub.requests.map(({ method }) => method))).toEqual(new Set(['GET']));
  });

  it('shows what the flags say', async () => {
    const { schema } = await startCluster();
    const some = rootFields(await schema('--include', 'apps', '--include', 'example.com'));
    expect(some).toEqual(expect.arrayContaining(['deployments', 'widgets', 'apiResources']));
    expect(some).not.toContain('pods');
    expect(some).not.toContain('exampleComV1alpha1Gadgets');
    expect(rootFields(await schema('--stability', 'alpha'))).toContain('exampleComV1alpha1Gadgets');
    expect(rootFields(await schema('--exclude', 'core'))).not.toContain('pods');
    expect(rootFields(await schema('--include', 'example.com/v1alpha1'))).toContain('gadgets');
  });

  it('loads the documents of what is shown only', async () => {
    const { stub, schema } = await startCluster();
    await schema('--include', 'apps');
    expect(stub.documents).toEqual(['apis/apps/v1']);
  });

  it('can leave the descriptions out', async () => {
    const { schema } = await startCluster();
    const { stdout } = await schema('--no-descriptions');
    expect(stdout).not.toContain('"""');
    expect(rootFields(await schema())).toEqual(rootFields({ exitCode: 0, stdout, stderr: '' }));
  });

  it('says on stderr what is missing, and what is misspelt', async () => {
    const { stub, schema } = await startCluster();
    stub.cluster = stub.cluster.map((each) => (each.group === 'apps' ? { ...each, stale: true } : each));
    const { exitCode, stderr, stdout } = await schema('--exclude', 'exmaple.com');
    expect([exitCode, stdout.includes('type Query')]).toEqual([0, true]);
    const messages = stderr
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { readonly message: string }).message);
    expect(messages).toEqual([
      'exclude names exmaple.com, which the cluster does not have',
      'apps/v1: the aggregated API does not answer',
    ]);
  });
});

describe('--output', () => {
  it('puts the whole schema into the place of a file', async () => {
    const { schema } = await startCluster();
    const directory = testDirectory();
    const file = directory.write('schema.graphql', 'scalar Old\n');
    const { exitCode, stdout, stderr } = await schema('--output', file);
    expect([exitCode, stdout, stderr]).toEqual([0, '', '']);
    expect(readFileSync(file, 'utf8')).toBe((await schema()).stdout);
    expect(readdirSync(directory.path)).toEqual(['schema.graphql']);
  });

  it('keeps a link a link', async () => {
    const { schema } = await startCluster();
    const directory = testDirectory();
    const target = directory.write('target.graphql', 'scalar Old\n');
    symlinkSync(target, directory.at('link.graphql'));
    await schema('--output', directory.at('link.graphql'));
    expect(readFileSync(target, 'utf8')).toContain('type Query');
  });

  it.each(['a folder that is not there', 'a folder in its place'])('%s is one line, code 2', async (what) => {
    const { schema } = await startCluster();
    const directory = testDirectory();
    const file = what.includes('not there') ? directory.at('no/schema.graphql') : directory.at('taken');
    if (!what.includes('not there')) mkdirSync(file);
    const { exitCode, stdout, stderr } = await schema('--output', file);
    expect([exitCode, stdout]).toEqual([2, '']);
    const problem = what.includes('not there')
      ? 'cannot be written: its folder does not exist'
      : 'is no file';
    expect(stderr).toBe(`kubegraph: --output ${file} ${problem} (kubegraph schema --help)\n`);
    expect(readdirSync(directory.path)).toEqual(what.includes('not there') ? [] : [path.basename(file)]);
  });
});

describe('--diff', () => {
  interface Compared extends CliResult {
    readonly file: string;
  }

  /** Compares the cluster with its own schema, some texts of which are replaced. */
  async function diff(
    replaced: Readonly<Record<string, string>>,
    ...args: readonly string[]
  ): Promise<Compared> {
    const { schema } = await startCluster();
    let { stdout: old } = await schema();
    for (const [search, replacement] of Object.entries(replaced)) {
      expect(old).toContain(search);
      old = old.replace(search, replacement);
    }
    const file = testDirectory().write('old.graphql', old);
    return { ...(await schema('--diff', file, ...args)), file };
  }

  const PROMISED = { 'hasNextPage: Boolean!': 'hasNextPage: Boolean' };
  const REMOVED = { 'type Status {\n': 'type Status {\n  gone: Int\n' };
  const DEFAULTED = {
    'fieldValidation: FieldValidation = STRICT': 'fieldValidation: FieldValidation = WARN',
  };

  it('of the same schema is empty', async () => {
    expect(await diff({})).toMatchObject({ exitCode: 0, stdout: 'No changes.\n', stderr: '' });
  });

  it('tells of each change in a line, under its level, and fails for breaking ones', async () => {
    const { exitCode, stdout, stderr } = await diff({ ...PROMISED, ...REMOVED, ...DEFAULTED });
    expect([exitCode, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(
      /^Breaking \(1\)\n {2}Status\.gone was removed\.\n\nDangerous \(1\)\n {2}Mutation\.\w+ arg fieldValidation has changed defaultValue from WARN to STRICT\.\n\nSafe \(1\)\n {2}PageInfo\.hasNextPage changed type from Boolean to Boolean!\.\n$/,
    );
  });

  it('fails for what --fail-on says', async () => {
    expect((await diff(PROMISED)).exitCode).toBe(0);
    expect((await diff(PROMISED, '--fail-on', 'any')).exitCode).toBe(1);
  });

  it('is JSON for programs, and goes where --output says', async () => {
    const output = testDirectory().at('changes.json');
    const { exitCode, stdout } = await diff(REMOVED, '--format', 'json', '--output', output);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(JSON.parse(readFileSync(output, 'utf8'))).toEqual({
      counts: { breaking: 1, dangerous: 0, safe: 0 },
      changes: [{ level: 'breaking', type: 'FIELD_REMOVED', message: 'Status.gone was removed.' }],
    });
  });

  it('does not look at descriptions without descriptions', async () => {
    const replaced = { '"""Empty for the core group."""': '"""Other words."""' };
    expect((await diff(replaced)).stdout).toMatch(/^Safe \(1\)\n {2}\S+ is described differently\.\n$/);
    expect((await diff(replaced, '--no-descriptions')).stdout).toBe('No changes.\n');
  });

  it('of a file that is no SDL is one line with its place, code 2', async () => {
    const { exitCode, stdout, stderr, file } = await diff({ 'type Query {': 'tpye Query {' });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /^kubegraph: --diff [^\n]+:\d+:\d+ is no SDL of a whole schema: Syntax Error[^\n]+\n$/,
    );
    const line = Number(/:(\d+):\d+ is no SDL/.exec(stderr)?.[1]);
    expect(readFileSync(file, 'utf8').split('\n')[line - 1]).toBe('tpye Query {');
  });
});

it('names the server that is not reachable, code 2', async () => {
  const server = `http://127.0.0.1:${await closedPort()}`;
  const kubeconfig = testDirectory().write('config', kubeconfigText({ cluster: { server } }));
  const { exitCode, stderr } = await runCli(['schema', '--kubeconfig', kubeconfig]);
  expect(stderr).toMatch(new RegExp(`^kubegraph: ${server}: the API server is not reachable[^\\n]+\\n$`));
  expect(exitCode).toBe(2);
});

describe('what cannot be meant has exit code 2, which no comparison has', () => {
  it.each<[readonly string[], RegExp]>([
    [['--stability', 'gamma'], /--stability is alpha, beta or stable, not "gamma"/],
    [['--include', 'Apps!'], /--include takes groups .* not "Apps!"/],
    [['--format', 'json'], /--format and --fail-on belong to --diff/],
    [['--diff', 'x', '--format', 'xml'], /--format is text or json, not "xml"/],
    [['--diff', 'x', '--fail-on', 'safe'], /--fail-on is breaking or dangerous or any, not "safe"/],
    [['--demo', '--context', 'x'], /--demo and --context both choose a cluster/],
    [['--config', '/does/not/exist'], /--config \/does\/not\/exist cannot be read: it does not exist \(/],
    [['--kubeconfig', '/does/not/exist'], /\/does\/not\/exist/],
    [['--nothing'], /--nothing/],
  ])('%j', async (args, line) => {
    const { exitCode, stdout, stderr } = await runCli(['schema', ...args]);
    expect(stderr).toMatch(/^kubegraph: [^\n]+\n$/);
    expect(stderr).toMatch(line);
    expect([exitCode, stdout]).toEqual([2, '']);
  });

  it('a file to compare with that is not there', async () => {
    const { schema } = await startCluster();
    const { exitCode, stderr } = await schema('--diff', '/does/not/exist');
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/--diff \/does\/not\/exist cannot be read: it does not exist \(/),
    ]);
  });
});
