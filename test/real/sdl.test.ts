import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSchema, validateSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { waitUntil } from '../cluster/wait.ts';
import { atEnd } from './support/at-end.ts';
import { createWidgets } from './support/custom-kind.ts';
import { openSuite } from './support/suite.ts';

const { cluster, kubectl } = await openSuite();

const directory = mkdtempSync(path.join(tmpdir(), 'kubegraph-sdl-'));
atEnd(() => rmSync(directory, { recursive: true, force: true }));

interface SchemaRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `kubegraph schema` in a process of its own, whose cache is in a folder of that name. */
function schema(cache: string, ...flags: readonly string[]): Promise<SchemaRun> {
  const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
  const args = ['--import', 'tsx', main, 'schema', '--kubeconfig', cluster.kubeconfig, ...flags];
  const env = { PATH: process.env['PATH'] ?? '', HOME: path.join(directory, cache) };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env, maxBuffer: 1 << 20 }, (error, stdout, stderr) => {
      resolve({
        exitCode: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1,
        stdout,
        stderr,
      });
    });
  });
}

/** Prints the schema to a file, and answers its path. */
async function printTo(name: string, cache: string, ...flags: readonly string[]): Promise<string> {
  const file = path.join(directory, name);
  const { exitCode, stderr } = await schema(cache, '--output', file, ...flags);
  expect([exitCode, stderr]).toEqual([0, '']);
  return file;
}

// Other suites come and go with kinds of this domain.
const STEADY = ['--exclude', '*.example.com', '--stability', 'alpha'];

describe('the SDL of the cluster', () => {
  it('is a valid schema, the same from the API server, from disk and without a disk', async () => {
    const first = readFileSync(await printTo('first.graphql', 'a', ...STEADY), 'utf8');
    expect(validateSchema(buildSchema(first, { noLocation: true }))).toEqual([]);
    for (const [cache, ...flags] of [['a'], ['b'], ['a', '--no-cache']] as const) {
      const again = readFileSync(await printTo('again.graphql', cache, ...STEADY, ...flags), 'utf8');
      // Twenty megabytes: too many for a readable difference.
      expect(again === first).toBe(true);
    }
  });

  it('differs from itself in nothing', async () => {
    const file = await printTo('same.graphql', 'a', ...STEADY);
    expect(await schema('a', '--diff', file, ...STEADY)).toEqual({
      exitCode: 0,
      stdout: 'No changes.\n',
      stderr: '',
    });
  });
});

describe('a custom kind', () => {
  it('that loses a field is a breaking change, one that it gets is not', async () => {
    const widgets = await createWidgets(kubectl, 'Namespaced', { old: { type: 'string' } });
    const only = ['--include', widgets.group];
    const file = await printTo('widgets.graphql', 'a', ...only);
    const properties = '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties';
    const patch = [
      { op: 'remove', path: `${properties}/old` },
      { op: 'add', path: `${properties}/new`, value: { type: 'string' } },
    ];
    await kubectl.run([
      'patch',
      'crd',
      `widgets.${widgets.group}`,
      '--type=json',
      '-p',
      JSON.stringify(patch),
    ]);
    const document = `/openapi/v3/apis/${widgets.group}/v1`;
    await waitUntil(
      'the change is described',
      async () =>
        /"new"/.test(await kubectl.run(['get', '--raw', document])) ? undefined : 'the old one still is',
      { timeoutMs: 60_000 },
    );
    const { exitCode, stdout } = await schema('a', '--diff', file, ...only);
    expect(stdout.split('\n')).toEqual([
      'Breaking (2)',
      `  ${widgets.typeName}Spec.old was removed.`,
      `  ${widgets.typeName}SpecInput.old was removed.`,
      '',
      'Dangerous (1)',
      `  An optional field new on input type ${widgets.typeName}SpecInput was added.`,
      '',
      'Safe (1)',
      `  ${widgets.typeName}Spec.new was added.`,
      '',
    ]);
    expect(exitCode).toBe(1);
  });
});
