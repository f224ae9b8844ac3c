import { buildSchema, lexicographicSortSchema, printSchema, validateSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { baseSdl } from '../../../src/mapping/graphql/base-sdl.ts';
import { GatewaySchema } from '../../../src/mapping/gateway-schema.ts';
import { DEFAULT_SCHEMA_OPTIONS } from '../../../src/mapping/schema-options.ts';
import { sdlDefinitions, sdlText } from '../../../src/sdl/write.ts';
import { STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import { catalogOf } from '../support/test-catalog.ts';
import { type PartSdl, printed, schemaOf } from './support/definitions.ts';

function sorted(sdl: string): string {
  return printSchema(lexicographicSortSchema(buildSchema(sdl)));
}

async function sdlOf(schema: Parameters<typeof sdlDefinitions>[0], options = {}): Promise<string> {
  return [...sdlText(await sdlDefinitions(schema, KUBECONFIG_IDENTITY, options))].join('');
}

const PARTS: readonly PartSdl[] = [
  { name: '', sdl: 'type Query { version: String } scalar JSON "Of base." type Meta { a: Int }' },
  {
    name: 'apps/v1',
    shared: ['Spec', 'Meta'],
    sdl: 'type Query { zebra: Zebra a(b: Int): Spec } type Mutation { m: Int } type Zebra { a: Spec } type Spec { a: Int } type Meta { b: Int }',
  },
  {
    name: 'v1',
    shared: ['Spec', 'Alone'],
    sdl: 'type Query { middle: Alone } type Subscription { s: Int } type Alone { a: Int } type Pod { a: Spec } type Spec { a: Int }',
  },
];

describe('the SDL', () => {
  it('of base.graphql means what base.graphql means', async () => {
    expect(sorted([...sdlText(await printed(baseSdl))].join(''))).toBe(sorted(baseSdl));
  });

  it('has the base, the root types, then each part, by name; what is shared once, where it is first', async () => {
    const definitions = await sdlDefinitions(schemaOf(PARTS), KUBECONFIG_IDENTITY);
    expect(definitions.map(({ name }) => name)).toEqual([
      'JSON',
      'Meta',
      'Query',
      'Mutation',
      'Subscription',
      'Spec',
      'Zebra',
      'Alone',
      'Pod',
    ]);
    expect(definitions.find(({ name }) => name === 'Query')?.text).toBe(
      'type Query {\n  a(b: Int): Spec\n  middle: Alone\n  version: String\n  zebra: Zebra\n}',
    );
    expect(definitions.find(({ name }) => name === 'Meta')?.text).toContain('Of base.');
  });

  it('has no root type without fields', async () => {
    expect(await sdlOf(schemaOf(PARTS.slice(0, 1)))).not.toMatch(/Mutation|Subscription/);
  });

  it('is the same in whatever order the parts arrive', async () => {
    const slowFirst = schemaOf(PARTS);
    const delayed: typeof slowFirst = {
      ...slowFirst,
      definitions: async (part, identity) => {
        for (let turn = slowFirst.parts.indexOf(part); turn < PARTS.length; turn++) await Promise.resolve();
        return slowFirst.definitions(part, identity);
      },
    };
    expect(await sdlOf(delayed)).toBe(await sdlOf(slowFirst));
  });

  it('ends with one line feed and has one empty line between definitions, however many there are', async () => {
    const names = Array.from({ length: 250 }, (_, index) => `T${String(index).padStart(3, '0')}`);
    const sdl = await sdlOf(schemaOf([{ name: '', sdl: names.map((name) => `scalar ${name}`).join(' ') }]));
    expect(sdl).toBe(`${names.map((name) => `scalar ${name}`).join('\n\n')}\n`);
  });

  it('can do without descriptions, but not without deprecations', async () => {
    const described = `
      "t" type Query { "f" a("a" b: Int = 1): E @deprecated(reason: "r") i(i: I): N }
      "e" enum E { "v" A } "s" scalar S @specifiedBy(url: "u") "i" input I { "f" a: S } "n" interface N { "f" a: S }`;
    const bare = `
      type Query { a(b: Int = 1): E @deprecated(reason: "r") i(i: I): N }
      enum E { A } scalar S @specifiedBy(url: "u") input I { a: S } interface N { a: S }`;
    const sdl = await sdlOf(schemaOf([{ name: '', sdl: described }]), { descriptions: false });
    expect(sdl).toBe(await sdlOf(schemaOf([{ name: '', sdl: bare }])));
  });
});

describe('the SDL of a cluster', () => {
  it.each<[string, readonly string[]]>([
    ['everything', []],
    ['one group, whose types others define', ['apps']],
    ['another one', ['example.com', 'apiextensions.k8s.io']],
  ])('is a valid schema: %s', async (_, include) => {
    const options = { ...DEFAULT_SCHEMA_OPTIONS, include };
    const schema = buildSchema(await sdlOf(new GatewaySchema(catalogOf(STANDARD_CLUSTER), options)));
    expect(validateSchema(schema)).toEqual([]);
  });
});
