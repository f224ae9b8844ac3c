import { parseArgs } from 'node:util';
import type { ClusterChoice } from './cluster.ts';

export const HELP = `How fast reads are: the gateway, a bare receive loop and a naive gateway, in turn.

  npm run bench -- [--demo | --kubeconfig FILE] [--pods N] [--rounds N] [--case NAME…] [--large]
                   [--json FILE] [--compare FILE]

  --demo             the demo's API server instead of a real control plane
  --kubeconfig FILE  one that runs; it gets a namespace "kubegraph-bench", which is removed in the end
  --pods N           pods to list (default 5000, for which the goals are set); not with --kubeconfig
  --rounds N         how often each arm is measured (default 7)
  --case NAME        only this case; may be given several times
  --large            also list 20,000 pods: creating them takes minutes
  --json FILE        write the figures
  --compare FILE     tell which ratios got worse by more than 15 % than those written there

The exit code is 0 unless something could not be run, however slow it was.
`;

export interface Arguments {
  readonly cluster: ClusterChoice;
  readonly pods: number;
  readonly rounds: number;
  /** Undefined for all. */
  readonly cases: readonly string[] | undefined;
  readonly large: boolean;
  readonly json: string | undefined;
  readonly compare: string | undefined;
}

/** @returns undefined when only help is asked for. @throws Error that says what is wrong. */
export function readArguments(args: readonly string[]): Arguments | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      demo: { type: 'boolean' },
      kubeconfig: { type: 'string' },
      pods: { type: 'string' },
      rounds: { type: 'string' },
      case: { type: 'string', multiple: true },
      large: { type: 'boolean' },
      json: { type: 'string' },
      compare: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return undefined;
  const { demo = false, kubeconfig } = values;
  if (demo && kubeconfig !== undefined) throw new Error('--demo and --kubeconfig exclude each other');
  if (kubeconfig !== undefined && values.pods !== undefined)
    throw new Error('--pods is for a cluster of our own, not with --kubeconfig');
  return {
    cluster: kubeconfig === undefined ? { kind: demo ? 'demo' : 'real' } : { kind: 'attached', kubeconfig },
    pods: count('pods', values.pods, 5000),
    rounds: count('rounds', values.rounds, 7),
    cases: values.case,
    large: values.large === true,
    json: values.json,
    compare: values.compare,
  };
}

/** A whole number from 1. @throws Error that names the flag. */
export function count(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new Error(`--${name} is a whole number from 1, not ${text}`);
  return Number(text);
}
