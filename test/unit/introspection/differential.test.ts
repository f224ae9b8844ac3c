import { getIntrospectionQuery, type IntrospectionOptions } from 'graphql';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewaySchema } from '../../../src/mapping/gateway-schema.ts';
import { fullSchema } from '../support/full-schema.ts';
import { STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import { catalogOf } from '../support/test-catalog.ts';
import { introspect, referenceText } from './support/introspect.ts';
import { randomIntrospection } from './support/random-introspection.ts';
import { SDL, sdlSchema } from './support/sdl-schema.ts';

async function expectAlike(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const schema = sdlSchema(SDL);
  expect(await introspect(schema, query, { variables })).toBe(await referenceText(schema, query, variables));
}

const ALL_OPTIONS: IntrospectionOptions = {
  descriptions: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  experimentalDirectiveDeprecation: true,
  oneOf: true,
};

interface TypeAnswer {
  readonly name: string;
  readonly possibleTypes: readonly { readonly name: string }[] | null;
}

/** The texts of types by name, with the one list sorted whose order graphql-js takes from that of the types. */
function typesByName(schemaText: string): ReadonlyMap<string, string> {
  const { types } = JSON.parse(schemaText) as { readonly types: readonly TypeAnswer[] };
  const sorted = types.map((type) => ({
    ...type,
    possibleTypes: type.possibleTypes?.toSorted((a, b) => (a.name < b.name ? -1 : 1)) ?? null,
  }));
  return new Map(sorted.map((type) => [type.name, JSON.stringify(type)]));
}

describe('an introspection of a cluster', () => {
  it('is what graphql-js answers on the same definitions', async () => {
    const defined = new GatewaySchema(catalogOf(STANDARD_CLUSTER));
    const schema = { defined, reference: await fullSchema(defined), loads: [] };
    const query = getIntrospectionQuery(ALL_OPTIONS);
    const own = typesByName(await introspect(schema, query));
    expect(own).toEqual(typesByName(await referenceText(schema, query)));
    expect(own.size).toBeGreaterThan(100);
  });
});

describe('an introspection is answered byte for byte as graphql-js does', () => {
  it.each<[string, IntrospectionOptions]>([
    ['by default', {}],
    ['with all of them', ALL_OPTIONS],
    ['with none of them', { descriptions: false, typeDepth: 1 }],
    ...Object.keys(ALL_OPTIONS).map((option): [string, IntrospectionOptions] => [
      `with ${option}`,
      { [option]: true },
    ]),
  ])('to the query that tools send, %s', async (_, options) => {
    await expectAlike(getIntrospectionQuery(options));
  });

  it.each([
    ['{ x: __schema { t: __typename types { n: name __typename } } }'],
    ['{ __schema { description types { name kind } types { description } } }'],
    [
      '{ __schema { types { name fields { name } all: fields(includeDeprecated: true) { name isDeprecated } } } }',
    ],
    ['{ __schema { types { fields(includeDeprecated: null) { name args { name } } } } }'],
    [
      '{ __schema { queryType { name fields { name type { name ofType { name } } } } mutationType { kind } } }',
    ],
    [
      '{ __schema { subscriptionType { name } mutationType { fields(includeDeprecated: true) { description } } } }',
    ],
    ['{ __schema { types { possibleTypes { name description fields { name } interfaces { name } } } } }'],
    ['{ __schema { types { interfaces { name possibleTypes { name } } } } }'],
    ['{ __schema { types { fields { type { name description fields { name } } } } } }'],
    [
      '{ __schema { types { ...F } } } fragment F on __Type { name ... on __Type { kind } ... { ofType { name } } }',
    ],
    ['{ __schema { directives { name locations isRepeatable args { name type { kind } defaultValue } } } }'],
    ['{ __type(name: "APod") { name kind fields { name type { kind name ofType { name description } } } } }'],
    ['{ __type(name: "KubernetesObject") { possibleTypes { name } fields { args { defaultValue } } } }'],
    ['{ __type(name: "KubernetesObject") { possibleTypes { name fields { name } } } }'],
    ['{ __type(name: "APodInput") { inputFields { name defaultValue } isOneOf enumValues { name } } }'],
    ['{ __type(name: "Color") { enumValues(includeDeprecated: true) { name description isDeprecated } } }'],
    ['{ __type(name: "JSON") { specifiedByURL fields { name } ofType { name } } }'],
    ['{ __type(name: "Query") { name fields(includeDeprecated: true) { name deprecationReason } } }'],
    ['{ __type(name: "Mutation") { interfaces { name } fields { args { type { ofType { name } } } } } }'],
    ['{ __type(name: "__Type") { name description fields { name type { name ofType { kind } } } } }'],
    ['{ __type(name: "Subscription") { name } }'],
    ['{ __type(name: "Nowhere") { name } }'],
  ])('%s', async (query) => {
    await expectAlike(query);
  });

  it.each([
    [true, 'APod'],
    [false, 'Both'],
  ])('with variables: %s, %s', async (flag, name) => {
    const query = `query ($flag: Boolean!, $name: String!) {
      __type(name: $name) { kind @skip(if: $flag) name @include(if: $flag) fields(includeDeprecated: $flag) { name } }
    }`;
    await expectAlike(query, { flag, name });
  });

  it('whatever is selected', async () => {
    await fc.assert(
      fc.asyncProperty(randomIntrospection(), fc.boolean(), async (query, flag) =>
        expectAlike(query, { flag }),
      ),
      { numRuns: 300 },
    );
  });
});
