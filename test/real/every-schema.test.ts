import * as fc from 'fast-check';
import { isInputType, isObjectType } from 'graphql';
import { describe, expect, inject, it } from 'vitest';
import { parseApiVersion, type Resource } from '../../src/catalog/resource.ts';
import { GatewaySchema } from '../../src/mapping/gateway-schema.ts';
import { OWN_GROUPS } from '../../src/mapping/names/own-groups.ts';
import { prefixesOf } from '../../src/mapping/names/prefixes.ts';
import { stringifyJson } from '../../src/util/json.ts';
import { openCluster } from '../cluster/cluster.ts';
import { parseExact } from './support/exact-json.ts';
import {
  type DescribedKind,
  describedKinds,
  innermost,
  kindSchemas,
} from './support/schemas/described-kinds.ts';
import { illegalFields, illegalNames } from './support/schemas/illegal-names.ts';
import { differingWhenLoaded, load, sdlProblems } from './support/schemas/loading.ts';
import { noReach, type Reach, Walk } from './support/schemas/reachability.ts';
import { difference, RoundTrip, withoutNulls } from './support/schemas/round-trip.ts';
import { define, type DefinedPart, EVERYTHING, servedSchema } from './support/schemas/served-schema.ts';
import { textOfDefinition, typesIn } from './support/schemas/type-text.ts';
import { ValidObjects } from './support/schemas/valid-objects.ts';

/** What is drawn at random is the same in every run. */
const SEED = 1;

const served = await servedSchema(await openCluster(inject('clusterDir')));
const { api, catalog, defined } = served;
const kinds = describedKinds(served);
const apiVersions = defined.parts.map(({ name }) => name).filter((name) => name !== '');
const groups = api.groups.map(({ name }) => name);

function report(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** `count` values at random, the same in every run. */
function drawn<T>(values: fc.Arbitrary<T>, count: number): readonly T[] {
  return fc.sample(values, { seed: SEED, numRuns: count });
}

describe('every property of every schema', () => {
  const known = new Map<'output' | 'input', Reach>();

  function reachOf(side: 'output' | 'input'): Reach {
    const before = known.get(side);
    if (before !== undefined) return before;
    const reach = noReach();
    known.set(side, reach);
    for (const { apiVersion, named, of, schema, [side]: type } of kinds) {
      if (type !== undefined)
        new Walk(apiVersion, named, defined.types, reach).follow(schema, type, `${apiVersion} ${of.kind}`);
    }
    return reach;
  }

  it.each(['output', 'input'] as const)(
    'has a field of its own in the %s types, or is inside JSON',
    (side) => {
      const { properties, typed, inJson, inRaw, lost } = reachOf(side);
      report(
        `${side}: ${properties} properties of ${kinds.length} kinds in ${api.documents.size} documents: ` +
          `${typed} typed, ${inJson} inside JSON, ${inRaw} inside raw, ${lost.length} lost`,
      );
      expect(lost).toEqual([]);
      expect(typed + inJson + inRaw).toBe(properties);
      expect(typed).toBeGreaterThan(properties * 0.9);
    },
  );

  it('belongs to a kind that is read or written, or to one inside of it', () => {
    const { met } = reachOf('input');
    const asked = new Set(kinds.map(({ schema }) => schema));
    const left = [...api.documents].flatMap(([apiVersion, named]) =>
      kindSchemas(named)
        .map((name) => ({ key: `${apiVersion} ${name}`, schema: named[name] }))
        .filter(({ key, schema }) => schema !== undefined && !asked.has(schema) && !met.has(key))
        .map(({ key }) => key),
    );
    expect(left).toEqual([]);
    expect(kinds.filter(({ input }) => input === undefined).map(({ of }) => of.kind)).toEqual(READ_ONLY);
    expect(kinds.filter(({ output }) => output === undefined).map(({ of }) => of.kind)).toEqual(['Eviction']);
  });
});

/** Their objects are made up on every read. */
const READ_ONLY = ['ComponentStatus'];

describe('an object of every kind, out through GraphQL and back in', () => {
  const ways = [
    { how: 'fromLiteral', isComplete: true, hasBigNumbers: true },
    { how: 'fromLiteral', isComplete: false, hasBigNumbers: true },
    { how: 'fromVariables', isComplete: true, hasBigNumbers: false },
  ] as const;

  /** Types are made per group-version, so that not all are in memory at once. */
  async function roundTrips(apiVersion: string): Promise<readonly (readonly [DescribedKind, RoundTrip])[]> {
    const gateway = new GatewaySchema(catalog(), EVERYTHING);
    await load(gateway, apiVersion);
    const { schema } = gateway;
    return kinds
      .filter(
        (kind) => kind.apiVersion === apiVersion && kind.output !== undefined && kind.input !== undefined,
      )
      .map((kind) => {
        const output = schema.getType(String(kind.output));
        const input = schema.getType(String(kind.input));
        if (!isObjectType(output) || !isInputType(input)) throw new Error(`no types for ${kind.of.kind}`);
        return [kind, new RoundTrip(output, input)] as const;
      });
  }

  it.each(apiVersions)('is the same to the last digit: %s', async (apiVersion) => {
    const trips = await roundTrips(apiVersion);
    for (const [kind, trip] of trips) {
      for (const { how, ...flavour } of ways) {
        // What is not there is answered with null, so that absent and null come back alike.
        const read = flavour.isComplete ? parseExact : (text: string) => withoutNulls(parseExact(text));
        const objects = new ValidObjects(kind.named, flavour).of(kind.of, kind.schema);
        const isSame = fc.property(objects, (object) => {
          const text = stringifyJson(object);
          const back = trip[how](trip.answer(text));
          expect(difference(read(text), read(back), kind.of.kind)).toBeUndefined();
        });
        fc.assert(isSame, { seed: SEED, numRuns: 1, endOnFailure: true });
      }
    }
  });
});

function fieldNames(roots: DefinedPart['roots'] | undefined): readonly string[] {
  const fields = roots === undefined ? [] : Object.values(roots).flat();
  return fields.map(({ name, type }) => `${name}: ${type}`);
}

describe('every name', () => {
  const { types, parts } = defined;
  const ofOperation = (operation: 'query' | 'mutation' | 'subscription') =>
    parts.flatMap(({ roots }) => roots[operation]);

  it('is legal, and unique where it stands', () => {
    const roots = (['query', 'mutation', 'subscription'] as const).flatMap((operation) =>
      illegalFields(operation, ofOperation(operation)),
    );
    report(
      `${types.size} types, ${ofOperation('query').length} fields of Query, ${ofOperation('mutation').length} of Mutation`,
    );
    expect([...types.values()].flatMap(illegalNames)).toEqual([]);
    expect(roots).toEqual([]);
  });

  it('of a type has one owner, or is the same type wherever it is described', () => {
    const owners = parts.flatMap((part) => part.types.map(({ name }) => name));
    const shared = parts.flatMap((part) => part.shared);
    const owned = new Set(owners);
    expect(owners.length).toBe(owned.size);
    expect(shared.filter(({ name }) => owned.has(name))).toEqual([]);
    const others = shared.filter(
      (type) => textOfDefinition(type) !== textOfDefinition(types.get(type.name) ?? type),
    );
    expect(others.map(({ name }) => name)).toEqual([]);
  });

  it("begins with its group-version's, and says of a type for input that it is one", () => {
    const alien = parts.slice(1).flatMap(({ name: apiVersion, types: own }) => {
      const prefix = prefixesOf(catalog().discovery)(parseApiVersion(apiVersion));
      return own.filter(({ name }) => !name.startsWith(prefix)).map(({ name }) => `${apiVersion} ${name}`);
    });
    // Those that are written by hand have names of their own.
    const inputs = parts
      .slice(1)
      .flatMap(({ types: own }) => own.filter(({ kind }) => kind === 'INPUT_OBJECT'));
    expect(alien).toEqual([]);
    expect(inputs.length).toBeGreaterThan(0);
    expect(inputs.filter(({ name }) => !/Input_*$/.test(name)).map(({ name }) => name)).toEqual([]);
  });

  it('begins as GraphQL names do: types in capitals, fields of roots not', () => {
    expect([...types.keys()].filter((name) => !/^[A-Z_]/.test(name))).toEqual([]);
    const fields = [...ofOperation('query'), ...ofOperation('mutation'), ...ofOperation('subscription')];
    expect(fields.map(({ name }) => name).filter((name) => !/^[a-z_]/.test(name))).toEqual([]);
  });

  it('has a definition', () => {
    const used = new Set([...types.values()].flatMap(typesIn));
    for (const field of parts.flatMap(({ roots }) => Object.values(roots).flat())) {
      for (const { type } of [field, ...field.args]) used.add(innermost(type));
    }
    expect([...used].filter((name) => !types.has(name))).toEqual([]);
  });

  const differing = (inOrder: readonly string[]) =>
    differingWhenLoaded(new GatewaySchema(catalog(), EVERYTHING), inOrder, defined);

  it.each(drawn(fc.shuffledSubarray(apiVersions, { minLength: apiVersions.length }), 2))(
    'stands for the same in any order of loading: %s, …',
    async (...inOrder) => expect(await differing(inOrder)).toEqual([]),
  );

  it.each(drawn(fc.shuffledSubarray(apiVersions, { minLength: 1, maxLength: 9 }), 10))(
    'stands for the same when only some are loaded: %s, …',
    async (...inOrder) => expect(await differing(inOrder)).toEqual([]),
  );

  it.each(groups.filter((group) => !OWN_GROUPS.includes(group)))(
    'stands for the same when this is the only group of its kind: %s',
    async (group) => {
      const isServed = (name: string) => name === group || OWN_GROUPS.includes(name);
      const alone = await define(new GatewaySchema(catalog(isServed), EVERYTHING), group);
      expect(alone.parts.length).toBeGreaterThan(0);
      for (const { name, types: own, roots } of alone.parts) {
        const all = parts.find((part) => part.name === name);
        expect(own.map(textOfDefinition)).toEqual(all?.types.map(textOfDefinition));
        // Short names may be missing when another group claims them, too.
        const fields = new Set(fieldNames(roots));
        expect(fieldNames(all?.roots).filter((field) => !fields.has(field))).toEqual([]);
      }
    },
  );
});

describe('the SDL', () => {
  const includeOf = (group: string) => (group === '' ? 'core' : group);

  it.each(groups)('of one group is valid: %s', async (group) => {
    const gateway = new GatewaySchema(catalog(), { ...EVERYTHING, include: [includeOf(group)] });
    expect(await sdlProblems(gateway, true)).toEqual([]);
  });

  const subsets = drawn(fc.shuffledSubarray(groups, { minLength: 2, maxLength: 12 }), 5);

  it.each(subsets)('of some groups is valid when only they are shown: %s, …', async (...shown) => {
    const gateway = new GatewaySchema(catalog(), { ...EVERYTHING, include: shown.map(includeOf) });
    expect(await sdlProblems(gateway, false)).toEqual([]);
  });

  it.each(subsets)('of some groups is valid when only they are served: %s, …', async (...only) => {
    const gateway = new GatewaySchema(
      catalog((group) => only.includes(group)),
      EVERYTHING,
    );
    expect(await sdlProblems(gateway, false)).toEqual([]);
  });

  it('of everything is valid', async () => {
    expect(await sdlProblems(new GatewaySchema(catalog(), EVERYTHING), false)).toEqual([]);
  });
});

describe('what OpenAPI calls deprecated', () => {
  it('is, with its reason', () => {
    const deprecated = [...defined.types.values()].flatMap((type) =>
      'fields' in type ? type.fields().filter((field) => field.deprecated !== undefined) : [],
    );
    const roots = defined.parts.flatMap(({ roots: { query, mutation, subscription } }) =>
      [...query, ...mutation, ...subscription].filter((field) => field.deprecated !== undefined),
    );
    report(`deprecated: ${deprecated.length} fields, ${roots.length} root fields`);
    const endpoints = roots.filter(({ root }) => root?.kind === 'resource' && isEndpoints(root.resource));
    expect(endpoints.length).toBeGreaterThan(8);
    for (const { deprecated: reason } of endpoints)
      expect(reason).toBe('This API is deprecated in v1.33+. Use discoveryv1.EndpointSlice.');
    for (const name of ['CoreV1PodSpec', 'CoreV1PodSpecInput']) {
      const type = defined.types.get(name);
      const fields = type !== undefined && 'fields' in type ? type.fields() : [];
      expect(fields.find((field) => field.name === 'serviceAccount')?.deprecated).toBe(
        'Use serviceAccountName instead.',
      );
      expect(fields.find((field) => field.name === 'serviceAccountName')?.deprecated).toBeUndefined();
    }
  });
});

function isEndpoints({ group, kind }: Resource): boolean {
  return group === '' && kind === 'Endpoints';
}
