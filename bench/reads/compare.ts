import type { Figure } from './figures.ts';
import type { Report } from './result.ts';

/** By how much a ratio may be worse, or a number of pods another, before it is told: less than that is noise. */
const TOLERANCE = 0.15;

/**
 * What of `now` got worse than in a stored run, a line each. Only ratios are looked at: figures belong to a machine and
 * to the number of pods, while the arms of one run met the same of both.
 */
export function regressions(now: Report, stored: Report): readonly string[] {
  return Object.entries(stored.cases).flatMap(([name, before]) => {
    const after = now.cases[name];
    // Whoever ran some cases only does not want to hear of the others; one that failed has been told of.
    if (after === undefined || after.failure !== undefined) return [];
    return Object.entries(before.ratios).flatMap(([arm, ratios]) =>
      (Object.keys(ratios) as Figure[]).flatMap((figure) => {
        const [was, is] = [ratios[figure]?.median, after.ratios[arm]?.[figure]?.median];
        if (was === undefined || is === undefined || is <= was * (1 + TOLERANCE)) return [];
        const percent = Math.round((is / was - 1) * 100);
        return [
          `${name}: ${figure} of gateway ÷ ${arm} was ${was.toPrecision(3)}, is ${is.toPrecision(3)} (+${percent} %)`,
        ];
      }),
    );
  });
}

/** What makes a stored run a poor measure for this one, a line each: ratios depend on sizes less than figures, but they do. */
export function differingConditions(now: Report, stored: Report): readonly string[] {
  const differing = (was: string, is: string): string[] =>
    was === is ? [] : [`stored with ${was}, now ${is}`];
  const isOtherSize = Math.abs(now.pods - stored.pods) > stored.pods * TOLERANCE;
  return [
    ...differing(stored.server, now.server),
    ...differing(`Node ${stored.node}`, `Node ${now.node}`),
    ...(isOtherSize ? differing(`${stored.pods} pods`, `${now.pods} pods`) : []),
  ];
}
