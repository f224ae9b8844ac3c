import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { demoGateway } from './support/demo.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/go', import.meta.url));

async function go(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('go', args, { cwd: EXAMPLE });
  return stdout;
}

it('the Go example is generated from the schema, and answers on the demo cluster', async () => {
  await go('generate', './...');
  const output = await go('run', '.', await demoGateway());
  expect(output.trimEnd().split('\n')).toEqual([
    'api 3 cpu 100m',
    'payment 3 cpu 200m',
    'recommender 1 cpu 50m',
    'web 3 cpu 50m',
    'worker 2 cpu 50m',
    'ADDED',
    'SYNCED',
    'MODIFIED',
    'light',
  ]);
});
