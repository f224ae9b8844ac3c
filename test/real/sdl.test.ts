import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSchema, validateSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { waitUntil } from '../cluster/wait.ts';
import { atEnd } from './support/at-end.ts';
import { createWidgets, type CustomKind } from './support/custom-kind.ts';
import { at, type Exact } from './support/exact-json.ts';
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

/** What the index of OpenAPI names a kind's document, with its hash; undefined while it names none. */
async function addressOf({ apiVersion }: CustomKind): Promise<Exact | undefined> {
  return at(await kubectl.raw('/openapi/v3'), 'paths', `apis/${apiVersion}`, 'serverRelativeURL');
}

/** Waits until a field is in the document of a kind and in the index, which lags behind it and is what the program goes by. */
async function untilDescribed(kind: CustomKind, field: string, before: Exact | undefined): Promise<void> {
  const missing = async (): Promise<string | undefined> => {
    const document = await kubectl.run(['get', '--raw', `/openapi/v3/apis/${kind.apiVersion}`]);
    if (!document.includes(`"${field}"`)) return 'not in the document';
    const address = await addressOf(kind);
    return address === before ? 'the index names no other document' : undefined;
  };
  await waitUntil(`${field} is described`, missing, { timeoutMs: 60_000 });
}

describe('a custom kind', () => {
  it('that loses a field is a breaking change, one that it gets is not', async () => {
    const widgets = await createWidgets(kubectl, 'Namespaced', { old: { type: 'string' } });
    const only = ['--include', widgets.group];
    await untilDescribed(widgets, 'old', undefined);
    const before = await addressOf(widgets);
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
    await untilDescribed(widgets, 'new', before);
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
