import { type GatewayArm, type RunningArm, startGatewayArm, startRival, type Surroundings } from './arms.ts';
import type { Case } from './cases.ts';
import { startProbe } from './probes.ts';
import { type CaseResult, GATEWAY, resultOf } from './result.ts';
import { interleaved } from './rounds.ts';

/** Measures one case, with processes that have done nothing else. What goes wrong is in the result. */
export async function runCase(of: Case, surroundings: Surroundings, rounds: number): Promise<CaseResult> {
  const arms: RunningArm[] = [];
  try {
    const gateway = await startGatewayArm(GATEWAY, of, surroundings);
    arms.push(gateway);
    for (const rival of of.rivals) arms.push(await startRival(rival, of, surroundings));
    for (const probe of of.probes ?? []) arms.push(await startProbe(probe, of, gateway, surroundings));
    const naive = arms.find(({ name }) => name === 'naive');
    await checkAnswers(of, gateway, naive);
    const { maxRounds = rounds, warmUps = 2 } = of;
    return resultOf(of, await interleaved(arms, { rounds: Math.min(rounds, maxRounds), warmUps }));
  } catch (error) {
    return failedResult(of, error);
  } finally {
    await Promise.all(arms.map((arm) => arm.stop()));
  }
}

export function failedResult({ title, goals }: Case, error: unknown): CaseResult {
  return { title, goals, failure: String(error), arms: {}, ratios: {} };
}

/** Times of answers that differ compare nothing. */
async function checkAnswers(
  { document }: Case,
  gateway: GatewayArm,
  naive: RunningArm | undefined,
): Promise<void> {
  if (naive?.client === undefined) return;
  // Something may have changed between the two.
  for (let tries = 0; tries < 3; tries++) {
    if ((await gateway.client.text(document)) === (await naive.client.text(document))) return;
  }
  throw new Error('the gateway and the naive one answer differently');
}
