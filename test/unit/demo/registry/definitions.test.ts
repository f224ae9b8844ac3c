import { describe, expect, test } from 'vitest';
import { DEFINITIONS } from '../../../../demo/registry/custom.ts';
import { createdDefinition, deletedDefinition } from '../../../../demo/registry/lifecycle.ts';
import type { Definition } from '../../../../demo/schema/definition.ts';
import { type Bench, createBench, widget, widgetDefinition } from './support.ts';

function conditionsOf(definition: Definition | undefined): readonly string[] {
  return (definition?.status?.conditions ?? []).map(
    ({ type, status, reason }) => `${type}=${status} ${reason}`,
  );
}

/** What the verb does: it stores the definition as one that is to go. */
function deleteDefinition(bench: Bench, name: string): void {
  const live = bench.definition(name);
  if (live === undefined) throw new Error(`${name} is not there`);
  bench.store.replace(DEFINITIONS, deletedDefinition(live, '2026-01-02T00:00:00Z'));
}

describe('a new definition', () => {
  test('has no names until it is looked at', () => {
    expect(createdDefinition(widgetDefinition()).status).toEqual({
      conditions: null,
      acceptedNames: { plural: '', kind: '' },
      storedVersions: ['v1'],
    });
  });

  test('is established with the names that it asks for', () => {
    const bench = createBench();
    bench.define(widgetDefinition({ shortNames: ['w'] }));
    const definition = bench.definition('widgets.example.com');
    expect(conditionsOf(definition)).toEqual([
      'NamesAccepted=True NoConflicts',
      'Established=True InitialNamesAccepted',
    ]);
    expect(definition?.status?.acceptedNames).toMatchObject({
      plural: 'widgets',
      kind: 'Widget',
      shortNames: ['w'],
    });
    expect(definition?.status?.storedVersions).toEqual(['v1']);
  });

  test('waits for a name that another one has, and gets it when that one goes', () => {
    const bench = createBench();
    bench.define(widgetDefinition({ shortNames: ['w'] }));
    bench.define(widgetDefinition({ plural: 'wheels', kind: 'Wheel', shortNames: ['w'] }));
    const wheels = bench.definition('wheels.example.com');
    expect(conditionsOf(wheels)).toEqual([
      'NamesAccepted=False ShortNamesConflict',
      'Established=False NotAccepted',
    ]);
    expect(wheels?.status?.conditions?.[0]?.message).toBe('"w" is already in use');
    expect(bench.registry.find('example.com', 'v1', 'wheels')).toBeUndefined();
    deleteDefinition(bench, 'widgets.example.com');
    bench.clock.settle();
    expect(conditionsOf(bench.definition('wheels.example.com'))).toContain(
      'Established=True InitialNamesAccepted',
    );
    expect(bench.registry.find('example.com', 'v1', 'wheels')).toBeDefined();
  });

  test('remembers the versions in which objects may be stored', () => {
    const bench = createBench();
    bench.define(widgetDefinition());
    const live = bench.definition('widgets.example.com');
    const { spec } = widgetDefinition({ versions: [{ name: 'v2' }, { name: 'v1' }] });
    if (live !== undefined) bench.store.replace(DEFINITIONS, { ...live, spec });
    bench.clock.settle();
    expect(bench.definition('widgets.example.com')?.status?.storedVersions).toEqual(['v1', 'v2']);
  });
});

describe('a deleted definition', () => {
  test('takes its objects with it', () => {
    const bench = createBench();
    bench.define(widgetDefinition());
    bench.store.insert('example.com/widgets', widget('a'));
    deleteDefinition(bench, 'widgets.example.com');
    bench.clock.settle();
    expect(bench.definition('widgets.example.com')).toBeUndefined();
    expect(bench.store.snapshot('example.com/widgets').objects).toEqual([]);
  });

  test('takes no more writes and waits for objects whose finalizers are not done', () => {
    const bench = createBench();
    bench.define(widgetDefinition());
    bench.store.insert('example.com/widgets', widget('a', ['example.com/slow']));
    deleteDefinition(bench, 'widgets.example.com');
    bench.clock.settle();
    expect(conditionsOf(bench.definition('widgets.example.com'))).toContain(
      'Terminating=True InstanceDeletionInProgress',
    );
    expect(bench.registry.find('example.com', 'v1', 'widgets')?.verbs).toEqual([
      'delete',
      'deletecollection',
      'get',
      'list',
      'watch',
    ]);
    const waiting = bench.store.get('example.com/widgets', 'default', 'a');
    expect(waiting?.metadata).toMatchObject({
      deletionTimestamp: expect.any(String) as string,
      generation: 1,
    });
    bench.store.remove('example.com/widgets', 'default', 'a');
    bench.clock.settle();
    expect(bench.definition('widgets.example.com')).toBeUndefined();
  });
});
