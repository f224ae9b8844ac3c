import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Notes } from './notes.ts';
import type { ApiServer, Stage } from './stage.ts';

const WARM_UP = 500;
const AT_ONCE = 50;
const OBJECTS = 10;
const OBJECT_BYTES = 2000;
/** A watch goes on for some seconds without subscribers; after so long it is left over, in milliseconds. */
const LINGERED_MS = 30_000;
const LOOK_MS = 100;

/** What is left when everybody has gone. */
export async function leaks(stage: Stage, notes: Notes): Promise<void> {
  const apiServer = await stage.apiServer();
  const gateway = await stage.gateway();
  const { namespace, url, pid } = gateway;
  await apiServer.ask('fill', { namespace, objects: OBJECTS, bytes: OBJECT_BYTES });
  const inspector = await gateway.inspect();
  const subscribers = await stage.subscribers();
  const comeAndGo = async (times: number): Promise<{ held: number; open: number; descriptors: number }> => {
    await subscribers.ask('comeAndGo', { url, namespace, times, atOnce: AT_ONCE });
    const open = await untilNoWatch(apiServer, namespace);
    return { held: await inspector.held(), open, descriptors: readdirSync(`/proc/${pid}/fd`).length };
  };
  const before = await comeAndGo(WARM_UP);
  const after = await comeAndGo(stage.settings.many * 2);
  notes.add(gateway.name, {
    heapGrowthMb: (after.held - before.held) / 1024 / 1024,
    upstreamWatches: after.open,
    descriptors: Math.abs(after.descriptors - before.descriptors),
  });
  if (after.open > 0) notes.wrong.push(`${after.open} watches are left`);
}

/** How many watches are left that do not end. */
async function untilNoWatch(apiServer: ApiServer, namespace: string): Promise<number> {
  for (let waited = 0; ; waited += LOOK_MS) {
    const { open } = await apiServer.ask('watches', { namespace });
    if (open === 0 || waited >= LINGERED_MS) return open;
    await sleep(LOOK_MS);
  }
}
