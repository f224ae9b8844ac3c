import { parseArgs } from 'node:util';
import { HarnessError } from './errors.ts';

export type Command =
  | { readonly kind: 'help' }
  | {
      readonly kind: 'up';
      readonly dir: string;
      readonly crdFiles: readonly string[];
      readonly pods: number;
      readonly nodes: number;
    }
  | { readonly kind: 'down' | 'restart-apiserver'; readonly dir: string };

export const HELP = `A real Kubernetes control plane for tests, on 127.0.0.1.

  npm run cluster -- up --dir DIR [--crds FILE…] [--pods N] [--nodes N]
  npm run cluster -- restart-apiserver --dir DIR
  npm run cluster -- down --dir DIR

  --dir DIR     directory of the cluster: kubeconfig, kubeconfig-viewer, token-admin, token-viewer,
                cluster.json, logs/, and a script "kubectl" that talks to it
  --crds FILE…  CustomResourceDefinitions to create: YAML, JSON, or one JSON value a line (.ndjson), also .gz
  --pods N      two-container pods to create in the namespace "bench" (default 0)
  --nodes N     simulated nodes (default 3)

The first start builds the binaries with Go: about 5 minutes on 2 cores. Later ones take 3 to 5 seconds.
`;

/** Reads the command line; a mistake is an error whose message says what was expected. */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  const [name, ...rest] = positionals;
  if (values.help || name === undefined) return { kind: 'help' };
  if (name !== 'up' && name !== 'down' && name !== 'restart-apiserver') {
    throw new HarnessError(`unknown command "${name}": expected up, restart-apiserver or down; see --help`);
  }
  const { dir } = values;
  if (dir === undefined) throw new HarnessError(`${name} needs --dir DIR; see --help`);
  // What stands after the first FILE of --crds arrives as a positional.
  if (rest.length > 0 && !values.crds) throw new HarnessError(`unexpected argument "${rest[0]}"; see --help`);
  if (name !== 'up') return { kind: name, dir };
  const crdFiles = [...(values.crds ?? []), ...rest];
  return {
    kind: 'up',
    dir,
    crdFiles,
    pods: count('pods', values.pods, 0),
    nodes: count('nodes', values.nodes, 3),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        dir: { type: 'string' },
        crds: { type: 'string', multiple: true },
        pods: { type: 'string' },
        nodes: { type: 'string' },
      },
    });
  } catch (error) {
    throw new HarnessError(`${error instanceof Error ? error.message : String(error)}; see --help`);
  }
}

function count(name: string, text: string | undefined, defaultValue: number): number {
  if (text === undefined) return defaultValue;
  if (!/^\d{1,6}$/.test(text)) throw new HarnessError(`--${name} expects a whole number, not "${text}"`);
  return Number(text);
}
