import { NAMESPACE } from '../../test/faults/support/objects.ts';
import { readMetrics } from './gateway-metrics.ts';
import type { Notes } from './notes.ts';
import type { Stage } from './stage.ts';

const DISCONNECTS = 100;
const EXPIRIES = 20;
/** Steps, in each of which some lose their connection while objects change, and all are compared at the end of each. */
const STEPS = 20;
/** If the 410 are not used up by then, something is wrong. */
const MAX_STEPS = 60;
const CHANGES = 10;
/**
 * Lines of a watch before its 410: behind its initial objects, of which there are 21 at most. A 410 inside of them makes the
 * gateway wait before it lists again, longer and longer.
 */
const LINES = [24, 40] as const;

/** Whether everybody knows in the end what there is, however often they and the gateway had to start again. */
export async function churn(stage: Stage, notes: Notes): Promise<void> {
  const { many } = stage.settings;
  const apiServer = await stage.apiServer();
  const gateway = await stage.gateway();
  await apiServer.ask('shuffle', { times: 50 });
  await apiServer.ask('expire', { times: EXPIRIES, after: LINES });
  const subscribers = await stage.subscribers();
  await subscribers.ask('follow', { url: gateway.url, namespace: NAMESPACE, size: 'small', count: many });
  let [lost, expired, drops] = [0, 0, 0];
  for (let step = 0; step < STEPS || (expired < EXPIRIES && step < MAX_STEPS); step++) {
    if (step < STEPS) await subscribers.ask('drop', { times: DISCONNECTS / STEPS });
    const { state } = await apiServer.ask('shuffle', { times: CHANGES });
    const converged = await subscribers.ask('converge', { state });
    lost = Math.max(lost, converged.lost);
    ({ drops } = converged);
    notes.wrong.push(...converged.defects);
    if (converged.lost > 0)
      notes.wrong.push(`${converged.lost} do not know what there is after step ${step}`);
    if (notes.wrong.length > 0) break;
    ({ expired } = await apiServer.ask('compact'));
  }
  if (expired < EXPIRIES) notes.wrong.push(`only ${expired} of ${EXPIRIES} watches ended with a 410`);
  if (drops < Math.min(DISCONNECTS, STEPS * many)) notes.wrong.push(`only ${drops} connections were lost`);
  const { most } = await apiServer.ask('watches', { namespace: NAMESPACE });
  notes.add(gateway.name, { lost, upstreamWatches: most, ...(await comebacks(gateway.url)) });
}

/** How many came back, and how often the gateway had to list again. */
async function comebacks(url: string): Promise<{ resumed: number; relists: number }> {
  const metrics = await readMetrics(url);
  const resumed = [...metrics].filter(([name]) => name.startsWith('kubegraph_subscriptions_resumed_total'));
  return {
    resumed: resumed.reduce((sum, [, count]) => sum + count, 0),
    relists: metrics.get('kubegraph_upstream_watch_relists_total') ?? 0,
  };
}
