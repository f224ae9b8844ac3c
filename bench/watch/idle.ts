import { memoryMb } from '../usage.ts';
import type { Notes } from './notes.ts';
import { GATEWAY } from './result.ts';
import { type Arm, Stage } from './stage.ts';

/** Subscribers that are there before anything is measured: what the first ones load is not theirs. */
const BEFORE = 100;
const OBJECTS = 10;
const OBJECT_BYTES = 2000;

/** What a subscription takes while nothing happens: resident memory after collections, over what there was before. */
export async function idle({ settings }: Stage, notes: Notes): Promise<void> {
  for (let round = 0; round < settings.rounds; round++) {
    // Memory that was given back is not measured twice: processes of each round's own.
    const stage = new Stage(settings);
    try {
      notes.add(GATEWAY, await measure(stage, await stage.gateway(), settings.many));
      // To open as many takes it minutes: its event target compares each new listener with all that there are.
      notes.add('naive', await measure(stage, await stage.naive(), settings.few));
    } finally {
      await stage.close();
    }
  }
}

async function measure(
  stage: Stage,
  arm: Arm,
  count: number,
): Promise<{ kilobytesEach: number; residentMb: number; openMs: number; upstreamWatches: number }> {
  const { namespace, url, isThere, pid } = arm;
  const apiServer = await stage.apiServer();
  await apiServer.ask('fill', { namespace, objects: OBJECTS, bytes: OBJECT_BYTES });
  const inspector = await arm.inspect();
  const open = async (howMany: number): Promise<number> => {
    const subscribers = await stage.subscribers();
    const started = performance.now();
    await subscribers.ask('open', { url, namespace, isThere, kind: 'identical', count: howMany });
    const openMs = performance.now() - started;
    await inspector.held();
    return openMs;
  };
  await open(BEFORE);
  const before = memoryMb(pid).now;
  const openMs = await open(count);
  const residentMb = memoryMb(pid).now;
  const { open: upstreamWatches } = await apiServer.ask('watches', { namespace });
  return { kilobytesEach: ((residentMb - before) * 1024) / count, residentMb, openMs, upstreamWatches };
}
