import { slowConsumers } from './gateway-metrics.ts';
import { steadyRound } from './latency.ts';
import type { Notes } from './notes.ts';
import type { ApiServer, Arm, Stage, Subscribers } from './stage.ts';

/** More than the gateway keeps the latest state of, and large, because the kernels keep some megabytes. */
const OBJECTS = 2500;
const OBJECT_BYTES = 8000;
const PER_SECOND = 10;
/** Changes that only the stalled one would get, so many before the others are measured and so many meanwhile. */
const DATA_BEFORE = 1000;
const DATA_PER_SECOND = 100;
/** Enough to fill whatever there is to be filled. */
const DATA_CHANGES = 10_000;
/** So many at once. */
const DATA_STEP = 250;
/** Steps in which memory is looked at, at most. */
const MEMORY_STEPS = 20;
const SETTLE = { perSecond: 1, dataPerSecond: 0, seconds: 1 };
/** The others select nothing of what `changeData` changes. */
const OTHERS = ', onlyWhenSelectedChanges: true';

/** What one that has stopped reading costs the others and the gateway, and what becomes of it. */
export async function stalled(stage: Stage, notes: Notes): Promise<void> {
  const apiServer = await stage.apiServer();
  const gateway = await stage.gateway();
  const { namespace, url, isThere } = gateway;
  await apiServer.ask('fill', { namespace, objects: OBJECTS, bytes: OBJECT_BYTES });
  const others = await stage.subscribers();
  const { few: count, rounds, seconds } = stage.settings;
  await others.ask('open', { url, namespace, isThere, kind: 'identical', count, args: OTHERS });
  const at = { apiServer, gateway, reader: await stage.subscribers() };
  const how = { perSecond: PER_SECOND, dataPerSecond: DATA_PER_SECOND, seconds };
  const measure = async (): Promise<{ p50Ms: number; p99Ms: number }> => {
    for (let changed = 0; changed < DATA_BEFORE; changed += DATA_STEP) await changeData(at);
    // Comes behind those on the same way, and so does what is measured.
    await steadyRound(apiServer, gateway, others, SETTLE, notes);
    return steadyRound(apiServer, gateway, others, how, notes);
  };
  for (let round = -1; round < rounds; round++) {
    const without = await measure();
    const ended = await follow(at);
    await at.reader.ask('pause');
    const beside = await measure();
    await untilSlow(at, ended);
    await comeBack(at, notes);
    if (round < 0) continue;
    notes.add('without', without);
    notes.add(gateway.name, { ...beside, p99Ratio: beside.p99Ms / without.p99Ms });
  }
  await others.ask('close');
  notes.add(gateway.name, { keptKilobytes: await keptKilobytes(at, await stage.subscribers()) });
  await comeBack(at, notes);
}

interface At {
  readonly apiServer: ApiServer;
  readonly gateway: Arm;
  readonly reader: Subscribers;
}

/** Has the reader know all there is. Answers how many the gateway has ended for their slowness until now. */
async function follow({ gateway: { url, namespace }, reader }: At): Promise<number> {
  const ended = await slowConsumers(url);
  await reader.ask('follow', { url, namespace, size: 'large', count: 1 });
  return ended;
}

async function changeData({ apiServer, gateway: { namespace } }: At): Promise<void> {
  await apiServer.ask('changeData', { namespace, times: DATA_STEP });
}

/** Changes data until the gateway has ended one more, who does not know it yet, or until `goesOn` says no. */
async function untilSlow(
  at: At,
  ended: number,
  goesOn = (): Promise<boolean> => Promise.resolve(true),
): Promise<void> {
  for (let changed = 0; changed < DATA_CHANGES; changed += DATA_STEP) {
    if ((await slowConsumers(at.gateway.url)) > ended) return;
    await changeData(at);
    if (!(await goesOn())) return;
  }
}

/** Reads on, learns that it was too slow, and catches up from the cursor that it was given. */
async function comeBack(at: At, notes: Notes): Promise<void> {
  const { reader } = at;
  await reader.ask('resume');
  const { endings, lost } = await reader.ask('ended');
  if (lost > 0) notes.wrong.push('the stalled one was not ended');
  else if (endings['SLOW_CONSUMER'] !== 1)
    notes.wrong.push(`the stalled one ended with ${JSON.stringify(endings)}`);
  const { lost: behind, defects } = await reader.ask('converge', await stateOf(at));
  notes.wrong.push(...defects);
  if (behind > 0) notes.wrong.push('the stalled one does not know what there is when it has come back');
  await reader.ask('close');
}

/** What JavaScript holds more at most while the reader is stalled than while it reads the same; the last of it is stalled still. */
async function keptKilobytes(at: At, companion: Subscribers): Promise<number> {
  const { url, namespace } = at.gateway;
  const inspector = await at.gateway.inspect();
  // What is made of an event for one who reads is there for all who select the same: it is not kept for the stalled one.
  await companion.ask('follow', { url, namespace, size: 'large', count: 1 });
  const heldWhile = async (isStalled: boolean): Promise<number[]> => {
    for (let changed = 0; changed < OBJECTS; changed += DATA_STEP) await changeData(at);
    await companion.ask('converge', await stateOf(at));
    const ended = await follow(at);
    if (isStalled) await at.reader.ask('pause');
    const held: number[] = [];
    await untilSlow(at, ended, async () => {
      await companion.ask('converge', await stateOf(at));
      held.push(await inspector.held());
      return held.length < MEMORY_STEPS;
    });
    return held;
  };
  const reading = await heldWhile(false);
  await at.reader.ask('close');
  const stalling = await heldWhile(true);
  return Math.max(...stalling.map((held, step) => held - (reading[step] ?? held))) / 1024;
}

async function stateOf({ apiServer, gateway: { namespace } }: At): Promise<{ state: State }> {
  return { state: await apiServer.ask('state', { namespace }) };
}

type State = readonly (readonly [string, string])[];
