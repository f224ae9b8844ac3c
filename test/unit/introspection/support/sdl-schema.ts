import {
  buildSchema,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  introspectionTypes,
} from 'graphql';
import { definitionOf, fieldsOf } from '../../../../src/mapping/definitions/base-definitions.ts';
import type { PartDefinitions, SchemaPart } from '../../../../src/mapping/definitions/definitions.ts';
import type { Operation } from '../../../../src/mapping/names/resource-fields.ts';
import type { DefinedSchema } from '../../../../src/introspection/schema-reader.ts';

/** A schema in parts, and graphql-js' schema of the same SDL with its types in the documented order. */
export interface SdlSchema {
  readonly defined: DefinedSchema;
  readonly reference: GraphQLSchema;
  /** The names of the parts whose definitions have been asked for, and the types whose definition has, in that order. */
  readonly loads: readonly string[];
}

const PARTS = ['', 'a/v1', 'b/v1'] as const;

/** The part that a type or a root field is of, by how its name begins; `Both` is shared by a/v1 and b/v1. */
function partOf(name: string): string {
  const start = /^[AaBb](?=[A-Z])/.exec(name)?.[0]?.toLowerCase();
  return start === undefined ? '' : `${start}/v1`;
}

const isShared = (type: GraphQLNamedType): boolean => type.name.startsWith('Both');

/**
 * @param keys of the parts whose content differs from that of another schema in the same test.
 */
export function sdlSchema(sdl: string, keys: Readonly<Record<string, string>> = {}): SdlSchema {
  const reference = buildSchema(sdl);
  const roots = {
    query: reference.getQueryType() ?? undefined,
    mutation: reference.getMutationType() ?? undefined,
    subscription: reference.getSubscriptionType() ?? undefined,
  };
  const types = Object.values(reference.getTypeMap())
    .filter(
      (type) => !type.name.startsWith('__') && !Object.values(roots).includes(type as GraphQLObjectType),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const inPart = (part: string): readonly GraphQLNamedType[] =>
    types.filter((type) => !isShared(type) && partOf(type.name) === part);
  const shared = types.filter(isShared);
  const definitions = (part: string): PartDefinitions => ({
    types: inPart(part).map(definitionOf),
    shared: part === '' ? [] : shared.map(definitionOf),
    roots: {
      query: rootFields(roots.query, part),
      mutation: rootFields(roots.mutation, part),
      subscription: rootFields(roots.subscription, part),
    },
    problem: undefined,
    isPassing: false,
  });
  const kindNames = types
    .filter((type) => 'getInterfaces' in type && type.getInterfaces().length > 0)
    .map(({ name }) => name);
  inOrder(reference, [
    ...Object.values(roots).filter((type) => type !== undefined),
    ...inPart(''),
    ...inPart('a/v1'),
    ...shared,
    ...inPart('b/v1'),
  ]);
  const loads: string[] = [];
  return {
    reference,
    loads,
    defined: {
      parts: PARTS.map((name): SchemaPart => ({ name, key: keys[name] ?? `key of ${name}` })),
      kindNames,
      hasOperation: (operation: Operation) => roots[operation] !== undefined,
      definitions: (part) => {
        loads.push(part.name);
        return Promise.resolve(definitions(part.name));
      },
      definition: (name) => {
        loads.push(name);
        const type = types.find((each) => each.name === name);
        return Promise.resolve({
          definition: type === undefined ? undefined : definitionOf(type),
          isPassing: false,
        });
      },
    },
  };
}

function rootFields(root: GraphQLObjectType | undefined, part: string): PartDefinitions['roots'][Operation] {
  if (root === undefined) return [];
  return fieldsOf(root).filter(({ name }) => partOf(name) === part);
}

/** Puts graphql-js' types into an order, with those of introspection last. */
function inOrder(schema: GraphQLSchema, types: readonly GraphQLNamedType[]): void {
  const ordered = Object.fromEntries([...types, ...introspectionTypes].map((type) => [type.name, type]));
  const objects = new Set(types.map(({ name }) => name));
  const possible = schema.getPossibleTypes.bind(schema);
  schema.getTypeMap = () => ordered;
  schema.getPossibleTypes = (type) =>
    possible(type)
      .filter(({ name }) => objects.has(name))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Something of everything: texts that need escapes, every kind of type and default, what is deprecated, two parts. */
export const SDL = `
  "Anything."
  scalar JSON @specifiedBy(url: "https://example.com/json")

  """
  Says "so":
  \\t— with a tab, ünïcödé and 🚀.
  """
  interface KubernetesObject {
    id: ID!
    raw(at: [String!], compact: Boolean = false): JSON!
    old: String @deprecated(reason: "Use \\"id\\".")
  }

  type Meta {
    labels: JSON
    size: Float
  }

  enum Color {
    "Like blood."
    RED
    GREEN
  }

  type APod implements KubernetesObject {
    id: ID!
    raw(at: [String!], compact: Boolean = false): JSON!
    old: String @deprecated
    claims: [BClaim!]!
    meta: Meta
    matrix: [[Int!]]!
    both: Both
  }

  type Both {
    again: [Both]
    also: BothPart
  }

  type BothPart {
    x: Int
  }

  "Of another group."
  type BClaim implements KubernetesObject {
    id: ID!
    raw(at: [String!], compact: Boolean = false): JSON!
    old: String
    both: Both!
  }

  input APodInput {
    color: Color = RED
    names: [String!] = ["a", "b"]
    nested: BothInput = { count: 3 }
    gone: Int @deprecated(reason: "No.")
  }

  input BothInput {
    count: Int! = 1
  }

  type Query {
    version: String
    object(id: ID!): KubernetesObject
    aPod(name: String!, color: Color = GREEN, gone: Int @deprecated): APod
    aPods(first: Int = 10): [APod!]!
    bClaims: [BClaim!]! @deprecated(reason: "Later.")
  }

  type Mutation {
    aCreate(input: APodInput!): APod
    bCreate(input: BothInput): BClaim
  }
`;
