import type { Figure, Sample, Samples } from './figures.ts';

/** One way to do a case's work. Several may have the same name: they measure different figures of the same thing. */
export interface Arm {
  readonly name: string;
  /** Does the work once and tells what it took. */
  round(): Promise<Sample>;
}

export interface RoundsOptions {
  readonly rounds: number;
  /** Rounds before them that are not counted: compilers and caches settle in them. */
  readonly warmUps: number;
}

/** Runs all arms in turn, round by round (ABCABC…), so that a busy machine is busy for all of them. */
export async function interleaved(
  arms: readonly Arm[],
  { rounds, warmUps }: RoundsOptions,
): Promise<ReadonlyMap<string, Samples>> {
  const samples = new Map<string, Partial<Record<Figure, number[]>>>(arms.map(({ name }) => [name, {}]));
  for (let round = -warmUps; round < rounds; round++) {
    for (const arm of arms) {
      const sample = await arm.round();
      if (round >= 0) add(samples.get(arm.name) ?? {}, sample);
    }
  }
  return samples;
}

function add(samples: Partial<Record<Figure, number[]>>, sample: Sample): void {
  // `Object.entries` forgets which keys there can be.
  for (const [figure, value] of Object.entries(sample) as [Figure, number][])
    (samples[figure] ??= []).push(value);
}
