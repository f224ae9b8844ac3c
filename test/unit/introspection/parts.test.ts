import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { bearerIdentity, KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import type { DocumentCache } from '../../../src/catalog/document-cache.ts';
import { Introspection } from '../../../src/introspection/introspection.ts';
import { textOf } from '../../../src/introspection/piece.ts';
import { inflated, introspect, introspectPiece, referenceText } from './support/introspect.ts';
import { SDL, type SdlSchema, sdlSchema } from './support/sdl-schema.ts';

const FULL = getIntrospectionQuery();
const CHANGED = SDL.replace('type BClaim', 'type BAnother { x: Int }\n  type BClaim');

describe('a full introspection', () => {
  it('loads each part once, and a type of another part that it needs', async () => {
    const schema = sdlSchema(SDL);
    await introspect(schema, FULL);
    expect(schema.loads.toSorted()).toEqual(['', 'BClaim', 'a/v1', 'b/v1']);
  });

  it('loads nothing when it is asked for again', async () => {
    const introspection = new Introspection();
    const first = await introspect(sdlSchema(SDL), FULL, { introspection });
    const again = sdlSchema(SDL);
    expect([await introspect(again, FULL, { introspection }), again.loads]).toEqual([first, []]);
  });

  it('loads nothing after a restart either, where there is a disk', async () => {
    const cache = memoryCache();
    const first = await introspect(sdlSchema(SDL), FULL, { introspection: new Introspection(cache, 'one') });
    const again = sdlSchema(SDL);
    const restarted = new Introspection(cache, 'one');
    expect([await introspect(again, FULL, { introspection: restarted }), again.loads]).toEqual([first, []]);
  });

  it('takes nothing from disk that another program has written, or that is damaged', async () => {
    const cache = memoryCache();
    await introspect(sdlSchema(SDL), FULL, { introspection: new Introspection(cache, 'one') });
    const other = sdlSchema(SDL);
    await introspect(other, FULL, { introspection: new Introspection(cache, 'other') });
    expect(other.loads).toContain('a/v1');
    for (const text of ['{"pieces', '{"pieces":[null]}', '{"pieces":7}']) {
      cache.damage(text);
      const damaged = sdlSchema(SDL);
      expect(await introspect(damaged, FULL, { introspection: new Introspection(cache, 'one') })).toBe(
        await referenceText(damaged, FULL),
      );
      expect(damaged.loads).toContain('a/v1');
    }
  });

  it('keeps nothing of a group-version that did not answer', async () => {
    const introspection = new Introspection();
    await introspect(passing(sdlSchema(SDL), ['b/v1']), FULL, { introspection });
    const back = sdlSchema(SDL);
    await introspect(back, FULL, { introspection });
    expect(back.loads).toContain('b/v1');
    expect(back.loads).not.toContain('a/v1');
  });

  it.each([
    ['by its name', '{ __type(name: "BClaim") { name } }', 'BClaim'],
    [
      'through another part',
      '{ __schema { types { fields { type { ofType { ofType { ofType { description } } } } } } } }',
      'BClaim',
    ],
    ['through an interface', '{ __schema { types { possibleTypes { description } } } }', 'b/v1'],
  ])('keeps nothing that was written from what is passing: %s', async (_, query, load) => {
    const introspection = new Introspection();
    await introspect(passing(sdlSchema(SDL), ['b/v1', 'BClaim']), query, { introspection });
    const lasting = sdlSchema(SDL);
    await introspect(lasting, query, { introspection });
    expect(lasting.loads).toContain(load);
    const again = sdlSchema(SDL);
    await introspect(again, query, { introspection });
    expect(again.loads).toEqual([]);
  });

  it('loads a part that has changed, and writes it anew', async () => {
    const introspection = new Introspection();
    await introspect(sdlSchema(SDL), FULL, { introspection });
    const changed = sdlSchema(CHANGED, { 'b/v1': 'changed' });
    expect(await introspect(changed, FULL, { introspection })).toBe(await referenceText(changed, FULL));
    expect(changed.loads.filter((name) => name === 'a/v1')).toEqual([]);
    expect(changed.loads).toContain('b/v1');
  });

  it('shows what has changed in another part where it is selected there', async () => {
    const introspection = new Introspection();
    const query =
      '{ __schema { types { fields { type { ofType { ofType { ofType { description } } } } } } } }';
    await introspect(sdlSchema(SDL), query, { introspection });
    const changed = sdlSchema(SDL.replace('"Of another group."', '"Changed."'), { 'b/v1': 'changed' });
    expect(await introspect(changed, query, { introspection })).toBe(await referenceText(changed, query));
  });

  it('shows the objects that have come, among those of their interface', async () => {
    const introspection = new Introspection();
    await introspect(sdlSchema(SDL), FULL, { introspection });
    const object =
      'type BNew implements KubernetesObject { id: ID! raw(at: [String!], compact: Boolean = false): JSON! old: String }';
    const changed = sdlSchema(`${SDL}\n${object}`, { 'b/v1': 'changed' });
    expect(await introspect(changed, FULL, { introspection })).toBe(await referenceText(changed, FULL));
  });

  it('has a type that two parts share although the first of them is gone', async () => {
    const introspection = new Introspection();
    await introspect(sdlSchema(SDL), FULL, { introspection });
    const schema = sdlSchema(SDL);
    const parts = schema.defined.parts.filter(({ name }) => name !== 'a/v1');
    const rest = { ...schema, defined: { ...schema.defined, parts } };
    const { types } = JSON.parse(await introspect(rest, FULL, { introspection })) as {
      types: { name: string }[];
    };
    const both = types.map(({ name }) => name).filter((name) => name.startsWith('Both'));
    expect([both, schema.loads]).toEqual([['Both', 'BothInput', 'BothPart'], ['']]);
  });

  it('of two callers at the same time is one for the same identity only', async () => {
    const introspection = new Introspection();
    const schema = sdlSchema(SDL);
    await Promise.all([1, 2].map(() => introspect(schema, FULL, { introspection })));
    const loadedOnce = schema.loads.length;
    const others = sdlSchema(SDL);
    const another = new Introspection();
    const identities = [KUBECONFIG_IDENTITY, bearerIdentity('token-of-somebody')];
    await Promise.all(
      identities.map((identity) => introspect(others, FULL, { introspection: another, identity })),
    );
    expect(others.loads.length).toBeGreaterThan(loadedOnce);
  });

  it('runs one after the other for one identity', async () => {
    const schema = sdlSchema(SDL);
    const introspection = new Introspection();
    const running = { now: 0, most: 0 };
    const definitions: typeof schema.defined.definitions = async (part, identity) => {
      // Only the first part is loaded by every build alone.
      if (part.name === 'a/v1') running.most = Math.max(running.most, ++running.now);
      const loaded = await schema.defined.definitions(part, identity);
      if (part.name === 'a/v1') running.now--;
      return loaded;
    };
    const watched = { ...schema, defined: { ...schema.defined, definitions } };
    const queries = [FULL, '{ __schema { types { name } } }', '{ __schema { types { kind } } }'];
    await Promise.all(queries.map((query) => introspect(watched, query, { introspection })));
    expect(running).toEqual({ now: 0, most: 1 });
  });

  it('does not keep a failure, nor those who wait behind it', async () => {
    const introspection = new Introspection();
    const schema = sdlSchema(SDL);
    const failing = {
      ...schema,
      defined: { ...schema.defined, definitions: () => Promise.reject(new Error('not now')) },
    };
    const failed = introspect(failing, FULL, { introspection });
    const behind = introspect(schema, '{ __schema { types { name } } }', { introspection });
    await expect(failed).rejects.toThrow('not now');
    expect(await behind).toContain('APod');
    expect(await introspect(schema, FULL, { introspection })).toContain('APod');
  });
});

describe('the type that is asked for', () => {
  it('is loaded, and no part', async () => {
    const schema = sdlSchema(SDL);
    await introspect(schema, '{ __type(name: "BClaim") { name fields { name } } }');
    expect(schema.loads).toEqual(['BClaim']);
  });

  it('is loaded with those that are shown of its fields', async () => {
    const schema = sdlSchema(SDL);
    await introspect(schema, '{ __type(name: "APod") { fields { name type { kind } } } }');
    expect(schema.loads.toSorted()).toEqual(['APod', 'Both', 'Meta']);
  });
});

describe('the answer', () => {
  it('is one gzip member with the right check sum, however many chunks it has', async () => {
    // Each field of half a chunk, in characters of more than one byte.
    const long = 'ü🚀'.repeat(50_000);
    const fields = Array.from({ length: 12 }, (_, index) => `"${long}"\n f${index}: Int`).join('\n');
    const schema = sdlSchema(`${SDL}\n type ALong { ${fields} }\n type ALonger { ${fields} }`);
    const piece = await introspectPiece(schema, FULL);
    const expected = await referenceText(schema, FULL);
    expect(inflated(piece)).toBe(expected);
    expect([piece.length, (await textOf(piece)).toString('utf8')]).toEqual([
      Buffer.byteLength(expected),
      expected,
    ]);
  });
});

/** A schema of which the named parts and types are not to be kept. */
function passing(schema: SdlSchema, names: readonly string[]): SdlSchema {
  const { defined } = schema;
  const definitions: typeof defined.definitions = async (part, identity) => ({
    ...(await defined.definitions(part, identity)),
    isPassing: names.includes(part.name),
  });
  const definition: typeof defined.definition = async (name, identity) => ({
    ...(await defined.definition(name, identity)),
    isPassing: names.includes(name),
  });
  return { ...schema, defined: { ...defined, definitions, definition } };
}

/** A disk, which can be damaged. */
function memoryCache(): DocumentCache & { damage: (text: string) => void } {
  const files = new Map<string, string>();
  return {
    read: (key) => Promise.resolve(files.get(key)),
    write: (key, _, text) => {
      files.set(key, text);
      return Promise.resolve(true);
    },
    damage: (text) => {
      for (const key of files.keys()) files.set(key, text);
    },
  };
}
