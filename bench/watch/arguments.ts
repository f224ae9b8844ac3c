import { parseArgs } from 'node:util';
import { count } from '../reads/arguments.ts';

export const HELP = `Watches on the demo's API server: the gateway beside a naive Yoga with pub/sub.

  npm run bench -- watch [--subscribers N] [--rounds N] [--seconds N] [--case NAME…] [--json FILE]

  --subscribers N  of the cases that have many (default 10000, for which the goals are set); others have a tenth
  --rounds N       how often each arm is measured (default 3)
  --seconds N      how long a round with changes at an even rate lasts (default 10)
  --case NAME      only this case; may be given several times
  --json FILE      write the figures

The exit code is 0 however slow it was, and 1 when an answer was wrong or something could not be run.
`;

export interface Arguments {
  readonly subscribers: number;
  readonly rounds: number;
  readonly seconds: number;
  /** Undefined for all. */
  readonly cases: readonly string[] | undefined;
  readonly json: string | undefined;
}

/** @returns undefined when only help is asked for. @throws Error that says what is wrong. */
export function readArguments(args: readonly string[]): Arguments | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      subscribers: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      case: { type: 'string', multiple: true },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return undefined;
  return {
    subscribers: count('subscribers', values.subscribers, 10_000),
    rounds: count('rounds', values.rounds, 3),
    seconds: count('seconds', values.seconds, 10),
    cases: values.case,
    json: values.json,
  };
}
