import { readFileSync } from 'node:fs';
import { buildSchema, validateSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { runCli } from './run-cli.ts';

const COMMITTED = new URL('../../../schema/demo.graphql', import.meta.url);

describe('schema/demo.graphql', () => {
  it('is what `npm run schema:demo` makes: a visible change of the API is a diff', async () => {
    const { exitCode, stdout, stderr } = await runCli(['schema', '--demo']);
    expect([exitCode, stderr]).toEqual([0, '']);
    const [lines, committed] = [stdout, readFileSync(COMMITTED, 'utf8')].map((text) => text.split('\n'));
    // The first line that differs says more than half a megabyte of both.
    const line = (lines ?? []).findIndex((each, index) => each !== committed?.[index]);
    expect({ line, text: lines?.[line] }).toEqual({ line: -1, text: undefined });
    expect(lines?.length).toBe(committed?.length);
  });

  it('is a valid schema', () => {
    expect(validateSchema(buildSchema(readFileSync(COMMITTED, 'utf8')))).toEqual([]);
  });
});
