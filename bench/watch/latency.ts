import { insideP99Ms, readMetrics } from './gateway-metrics.ts';
import type { Notes } from './notes.ts';
import { type ApiServer, type Arm, type Stage, type Subscribers } from './stage.ts';
import type { Steady } from './api-server.ts';
import { GATEWAY } from './result.ts';

const PER_SECOND = 10;
const OBJECTS = 10;
const OBJECT_BYTES = 2000;
/** Not counted: compilers settle in it. */
const WARM_UP_SECONDS = 2;

/** How long a change is on its way when there is time for each. */
export async function latency(stage: Stage, notes: Notes): Promise<void> {
  const { few, rounds, seconds } = stage.settings;
  const apiServer = await stage.apiServer();
  const arms = [await stage.gateway(), await stage.naive()];
  const all = new Map<Arm, Subscribers>();
  for (const arm of arms) {
    const { namespace, url, isThere } = arm;
    await apiServer.ask('fill', { namespace, objects: OBJECTS, bytes: OBJECT_BYTES });
    const subscribers = await stage.subscribers();
    await subscribers.ask('open', { url, namespace, isThere, kind: 'identical', count: few });
    all.set(arm, subscribers);
  }
  for (let round = -1; round < rounds; round++) {
    for (const [arm, subscribers] of all) {
      const how = { perSecond: PER_SECOND, dataPerSecond: 0, seconds: round < 0 ? WARM_UP_SECONDS : seconds };
      const before = arm.name === GATEWAY ? await readMetrics(arm.url) : undefined;
      const figures = await steadyRound(apiServer, arm, subscribers, how, notes);
      if (round < 0) continue;
      const inside = before === undefined ? undefined : insideP99Ms(before, await readMetrics(arm.url));
      notes.add(arm.name, { ...figures, ...(inside === undefined ? {} : { insideP99Ms: inside }) });
    }
  }
}

/** Changes at an even rate, and how long they took to whom they came. */
export async function steadyRound(
  apiServer: ApiServer,
  { name, namespace }: Arm,
  subscribers: Subscribers,
  how: Steady,
  notes: Notes,
): Promise<{ p50Ms: number; p99Ms: number }> {
  await subscribers.ask('expect', { events: how.perSecond * how.seconds });
  await apiServer.ask('steady', { namespace, ...how });
  const { p50Ms, p99Ms, missing, wrong } = await subscribers.ask('received');
  notes.wrong.push(...wrong.map((what) => `${name}: ${what}`));
  if (missing > 0) notes.wrong.push(`${name}: ${missing} deliveries did not come`);
  return { p50Ms, p99Ms };
}
