import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Command } from '../../../src/cli/command.ts';
import { SETTINGS } from '../../../src/cli/config.ts';
import { demo } from '../../../src/cli/demo.ts';
import { portForward } from '../../../src/cli/port-forward.ts';
import { proxy } from '../../../src/cli/proxy.ts';
import { schema } from '../../../src/cli/schema.ts';
import { serve } from '../../../src/cli/serve.ts';
import { runCli } from './run-cli.ts';

const PAGE = readFileSync(new URL('../../../docs/reference/cli.md', import.meta.url), 'utf8');

/** The flags in the tables of a section, as `--name VALUE`. */
function flagsIn(section: string): readonly string[] {
  return [...section.matchAll(/^\| `(--[^`]+)` \|/gm)].map(([, flag]) => flag as string);
}

function section(title: string): string {
  return PAGE.split(/^## /m).find((each) => each.startsWith(`${title}\n`)) ?? '';
}

const COMMON = flagsIn(section('What the schema shows'));

it.each([demo, portForward, proxy, schema, serve])(
  'docs/reference/cli.md has every flag of $name, and no other',
  (command: Command) => {
    const flags = Object.entries(command.flags).map(
      ([name, { value }]) => `--${name}${value === undefined ? '' : ` ${value}`}`,
    );
    const common = 'include' in command.flags ? COMMON : [];
    expect([...flagsIn(section(`\`kubegraph ${command.name}\``)), ...common].sort()).toEqual(flags.sort());
  },
);

it('docs/reference/cli.md has every command', async () => {
  const { stdout } = await runCli(['--help']);
  const commands = [...stdout.matchAll(/^ {2}([a-z][a-z-]*) {2}/gm)].map(([, name]) => name);
  expect([...PAGE.matchAll(/^## `kubegraph ([a-z-]+)`$/gm)].map(([, name]) => name)).toEqual(commands);
});

it('docs/reference/cli.md has every setting of the file', () => {
  const settings = [...section('The file of settings').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
  expect(settings).toEqual([...SETTINGS]);
});
