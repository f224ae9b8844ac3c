import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { demoGateway } from './support/demo.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/caches', import.meta.url));

it.each(['apollo', 'urql'])(
  'the cache of %s pages through a list, knows an object again, and follows a subscription',
  async (client) => {
    const args = [`${client}.mjs`, await demoGateway()];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: EXAMPLE });
    expect(stdout.trimEnd().split('\n')).toEqual([
      'pods 8',
      'pods 16',
      'pods 18',
      'api 3',
      'payment 3',
      'recommender 1',
      'web 4',
      'worker 2',
      'SYNCED []',
      "ADDED [ 'cached: dark' ]",
      "MODIFIED [ 'cached: light' ]",
      'DELETED []',
    ]);
    // Both clients warn there of answers that they cannot place.
    expect(stderr).toBe('');
  },
);
