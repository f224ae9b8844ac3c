import { CLUSTER_FLAGS, PLUGIN_FLAGS, readClusterFlags } from './cluster-flags.ts';
import { type Command, type Flags, textOf, UsageError } from './command.ts';
import type { PrintOptions } from './print-schema.ts';
import { readSchemaFlags, SCHEMA_FLAGS } from './schema-flags.ts';

export const schema: Command = {
  name: 'schema',
  summary: "Prints the cluster's schema as SDL, the same for the same state of the cluster, or compares it.",
  flags: {
    ...CLUSTER_FLAGS,
    demo: { type: 'boolean', description: 'Of the demo cluster instead.' },
    output: { type: 'string', value: 'FILE', description: 'Where to write. Default: stdout.' },
    'no-descriptions': { type: 'boolean', description: 'Without descriptions: a third of the size.' },
    diff: {
      type: 'string',
      value: 'FILE',
      description:
        'Print how the schema differs from this SDL instead: breaking, dangerous and safe changes.',
    },
    format: { type: 'string', value: 'FORMAT', description: 'Of --diff: text (default) or json.' },
    'fail-on': {
      type: 'string',
      value: 'LEVEL',
      description:
        'Which changes of --diff make the exit code 1: breaking (default), dangerous (these and breaking ones) or any.',
    },
    ...PLUGIN_FLAGS,
    'no-cache': { type: 'boolean', description: 'Keep nothing on disk.' },
    ...SCHEMA_FLAGS,
  },
  // 1 means changes.
  failureCode: 2,
  run,
};

async function run(flags: Flags): Promise<number> {
  const options: PrintOptions = {
    cluster: readCluster(flags),
    schema: readSchemaFlags(flags),
    sdl: { descriptions: flags['no-descriptions'] !== true },
    diff: readDiffFlags(flags),
    output: textOf(flags, 'output'),
  };
  // The other commands do without.
  const { printSchema } = await import('./print-schema.ts');
  return printSchema(options);
}

function readCluster(flags: Flags): PrintOptions['cluster'] {
  const mixed = ['kubeconfig', 'context'].find((name) => flags[name] !== undefined);
  if (flags['demo'] === true) {
    if (mixed !== undefined) throw new UsageError(`--demo and --${mixed} both choose a cluster`);
    return 'demo';
  }
  return {
    ...readClusterFlags(flags),
    useCache: flags['no-cache'] !== true,
  };
}

function readDiffFlags(flags: Flags): PrintOptions['diff'] {
  const file = textOf(flags, 'diff');
  const format = oneOf(flags, 'format', ['text', 'json']);
  const failOn = oneOf(flags, 'fail-on', ['breaking', 'dangerous', 'any']);
  if (file !== undefined) return { file, format, failOn };
  if (flags['format'] === undefined && flags['fail-on'] === undefined) return undefined;
  throw new UsageError('--format and --fail-on belong to --diff');
}

/** The value of a flag; the first choice where it is not given. */
function oneOf<T extends string>(flags: Flags, name: string, choices: readonly [T, ...T[]]): T {
  const value = flags[name] ?? choices[0];
  const choice = choices.find((each) => each === value);
  if (choice !== undefined) return choice;
  throw new UsageError(`--${name} is ${choices.join(' or ')}, not ${JSON.stringify(value)}`);
}
