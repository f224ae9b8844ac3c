import { cpuMs } from '../usage.ts';
import type { Kind } from './documents.ts';
import type { Notes } from './notes.ts';
import type { ApiServer, Arm, Settings, Stage, Subscribers } from './stage.ts';

/** Deliveries in a round: as many as take the gateway some seconds. */
const DELIVERIES = 200_000;
const LEAST_EVENTS = 10;
/** The API server cuts off a watch that has many more to read. */
const MOST_EVENTS = 200;
const OBJECTS = 10;
const OBJECT_BYTES = 2000;

/** How fast changes that come all at once reach everybody. */
export function fanOut(
  kind: Kind,
  countOf: (settings: Settings) => number,
): (stage: Stage, notes: Notes) => Promise<void> {
  return async (stage, notes) => {
    const count = countOf(stage.settings);
    const events = Math.min(MOST_EVENTS, Math.max(LEAST_EVENTS, Math.ceil(DELIVERIES / count)));
    const apiServer = await stage.apiServer();
    const arms = [await stage.gateway(), await stage.naive()];
    const subscribers: Subscribers[] = [];
    for (const { namespace, url, isThere } of arms) {
      await apiServer.ask('fill', { namespace, objects: OBJECTS, bytes: OBJECT_BYTES });
      const all = await stage.subscribers();
      await all.ask('open', { url, namespace, isThere, kind, count });
      subscribers.push(all);
    }
    // One round before them is not counted: compilers settle in it.
    for (let round = -1; round < stage.settings.rounds; round++) {
      for (const [index, arm] of arms.entries()) {
        const figures = await burst(
          apiServer,
          arm,
          subscribers[index] as Subscribers,
          { events, count },
          notes,
        );
        if (round >= 0) notes.add(arm.name, figures);
      }
    }
  };
}

async function burst(
  apiServer: ApiServer,
  { name, namespace, pid }: Arm,
  subscribers: Subscribers,
  { events, count }: { readonly events: number; readonly count: number },
  notes: Notes,
): Promise<{ deliveriesPerSecond: number; cpuMicroseconds: number; upstreamWatches: number }> {
  await subscribers.ask('expect', { events });
  const cpuBefore = cpuMs(pid);
  const { startedAt } = await apiServer.ask('burst', { namespace, events });
  const { lastAt, missing, wrong } = await subscribers.ask('received');
  const cpu = cpuMs(pid) - cpuBefore;
  const deliveries = events * count;
  notes.wrong.push(...wrong.map((what) => `${name}: ${what}`));
  if (missing > 0) notes.wrong.push(`${name}: ${missing} of ${deliveries} deliveries did not come`);
  const { most } = await apiServer.ask('watches', { namespace });
  return {
    deliveriesPerSecond: deliveries / ((lastAt - startedAt) / 1e6),
    cpuMicroseconds: (cpu * 1000) / deliveries,
    upstreamWatches: most,
  };
}
