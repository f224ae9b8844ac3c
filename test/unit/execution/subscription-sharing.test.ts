import { beforeEach, expect, it, vi } from 'vitest';
import { projectDocument } from '../../../src/projection/project.ts';
import { testEngine, type TestEngine } from '../support/test-engine.ts';
import { change, FakeWatches, synced } from './support/fake-events.ts';
import { subscribe, type Subscriber } from './support/subscriber.ts';

vi.mock(import('../../../src/projection/project.ts'), async (load) => {
  const original = await load();
  return { ...original, projectDocument: vi.fn(original.projectDocument) };
});

beforeEach(() => {
  vi.mocked(projectDocument).mockClear();
});

const SUBSCRIBERS = 50;

const EVENTS = 'subscription { pods { type object { spec { nodeName } } cursor } }';

interface Crowd {
  readonly watches: FakeWatches;
  readonly subscribers: readonly Subscriber[];
}

/** Subscribers who all send the same text, before a watch whose events the test puts in. */
async function crowd(query: string, variables: readonly object[] = [{}]): Promise<Crowd> {
  const watches = new FakeWatches();
  const engine: TestEngine = await testEngine({ watches });
  const subscribers: Subscriber[] = [];
  for (let index = 0; index < SUBSCRIBERS; index++) {
    const chosen = variables[index % variables.length];
    subscribers.push(await subscribe(engine, query, { variables: { ...chosen } }));
  }
  return { watches, subscribers };
}

/** The next payload of each, as far as they are not the same. */
async function distinctPayloads(subscribers: readonly Subscriber[]): Promise<number> {
  return new Set(await Promise.all(subscribers.map((subscriber) => subscriber.payload()))).size;
}

it('projects and writes an event once for all who select the same', async () => {
  const { watches, subscribers } = await crowd(EVENTS);
  watches.put(change('ADDED', 'x', { spec: { nodeName: 'n' } }));
  expect(await distinctPayloads(subscribers)).toBe(1);
  expect(projectDocument).toHaveBeenCalledTimes(1);
});

it('projects and writes a snapshot once for all who select the same', async () => {
  const { watches, subscribers } = await crowd(EVENTS);
  const snapshot = ['x', 'y', 'z'].map((name) => change('ADDED', name, undefined, { isSnapshot: true }));
  watches.put(...snapshot, synced());
  for (const _ of snapshot) expect(await distinctPayloads(subscribers)).toBe(1);
  expect(await distinctPayloads(subscribers)).toBe(1);
  expect(projectDocument).toHaveBeenCalledTimes(snapshot.length);
});

it('projects an event once where each puts it into a batch of its own', async () => {
  const { watches, subscribers } = await crowd(
    'subscription { pods(snapshotPageSize: 10) { events { object { spec { nodeName } } } } }',
  );
  watches.put(change('ADDED', 'x'), change('ADDED', 'y'), synced());
  await distinctPayloads(subscribers);
  expect(projectDocument).toHaveBeenCalledTimes(2);
});

it('compares the states of an object once for all who want to hear of changes only', async () => {
  const { watches, subscribers } = await crowd(
    'subscription { pods(onlyWhenSelectedChanges: true) { type object { spec { nodeName } } } }',
  );
  const before = change('ADDED', 'x', { spec: { nodeName: 'n' } });
  watches.put(before);
  expect(await distinctPayloads(subscribers)).toBe(1);
  vi.mocked(projectDocument).mockClear();
  watches.put(change('MODIFIED', 'x', { spec: { nodeName: 'm' } }, { before: before.object }));
  expect(await distinctPayloads(subscribers)).toBe(1);
  expect(projectDocument).toHaveBeenCalledTimes(2);
});

it('shares by what variables select, not by what else they say', async () => {
  const query =
    'subscription ($n: String, $with: Boolean!) { pods(namespace: $n) { type object @include(if: $with) { kind } } }';
  const { watches, subscribers } = await crowd(query, [
    { n: 'a', with: true },
    { n: 'b', with: true },
    { n: 'a', with: false },
    { n: 'b', with: false },
  ]);
  watches.put(change('ADDED', 'x'));
  expect(await distinctPayloads(subscribers)).toBe(2);
  expect(projectDocument).toHaveBeenCalledTimes(1);
});

it('projects an object of a live query once for all, whatever their orders and windows', async () => {
  const query = `subscription ($first: Int, $path: String!) {
    podsLive(first: $first, orderBy: [{ path: $path }]) { items { spec { nodeName } } }
  }`;
  const { watches, subscribers } = await crowd(query, [
    { first: 2, path: 'metadata.name' },
    { path: 'metadata.name' },
    { path: 'spec.nodeName' },
  ]);
  watches.put(change('ADDED', 'x'), change('ADDED', 'y'), synced());
  expect(await distinctPayloads(subscribers)).toBe(3);
  // Each object: the selection, and either path.
  expect(projectDocument).toHaveBeenCalledTimes(2 * 3);
});
