import { churn } from './churn.ts';
import { fanOut } from './fan-out.ts';
import { idle } from './idle.ts';
import { latency } from './latency.ts';
import { leaks } from './leaks.ts';
import type { Notes } from './notes.ts';
import type { Goal } from './result.ts';
import type { Stage } from './stage.ts';
import { stalled } from './stalled.ts';

/** One question about watches and what is expected of the answer. */
export interface Case {
  readonly name: string;
  readonly title: string;
  readonly goals: readonly Goal[];
  /** Starts what it needs on the stage, which is closed behind it. */
  readonly run: (stage: Stage, notes: Notes) => Promise<void>;
}

const IDENTICAL: Goal = { figure: 'deliveriesPerSecond', atLeast: 30_000 };
const DISTINCT: Goal = { figure: 'deliveriesPerSecond', atLeast: 10_000 };

/** `many` is what was asked for, `few` a tenth of it. */
export const CASES: readonly Case[] = [
  {
    name: 'idle',
    title: 'many subscribers on one watch to whom nothing happens',
    goals: [
      { figure: 'kilobytesEach', atMost: 20 },
      { figure: 'upstreamWatches', atMost: 1 },
    ],
    run: idle,
  },
  {
    name: 'identical-few',
    title: 'a burst of changes, few subscribers with the same document',
    goals: [IDENTICAL],
    run: fanOut('identical', ({ few }) => few),
  },
  {
    name: 'identical',
    title: 'a burst of changes, many subscribers with the same document',
    goals: [IDENTICAL],
    run: fanOut('identical', ({ many }) => many),
  },
  {
    name: 'distinct-few',
    title: 'a burst of changes, few subscribers with a document each',
    goals: [DISTINCT],
    run: fanOut('distinct', ({ few }) => few),
  },
  {
    name: 'distinct',
    title: 'a burst of changes, many subscribers with a document each',
    goals: [DISTINCT],
    run: fanOut('distinct', ({ many }) => many),
  },
  {
    name: 'latency',
    title: '10 changes a second, few subscribers',
    goals: [{ figure: 'p99Ms', atMost: 25 }],
    run: latency,
  },
  {
    name: 'churn',
    title: 'many subscribers, 100 of which lose their connection, and 20 times a 410, while objects change',
    goals: [{ figure: 'lost', atMost: 0 }],
    run: churn,
  },
  {
    name: 'stalled',
    title: 'one that has stopped reading among few that 10 changes a second come to',
    goals: [
      { figure: 'p99Ratio', atMost: 1.2 },
      { figure: 'keptKilobytes', atMost: 1024 },
    ],
    run: stalled,
  },
  {
    name: 'leaks',
    title: 'subscribers that come and go, twice as many as are many',
    goals: [
      { figure: 'heapGrowthMb', atMost: 5 },
      { figure: 'upstreamWatches', atMost: 0 },
      { figure: 'descriptors', atMost: 5 },
    ],
    run: leaks,
  },
];
