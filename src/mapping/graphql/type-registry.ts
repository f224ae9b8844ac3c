import type { GraphQLNamedType } from 'graphql';
import type { GroupVersionTypes } from '../definitions/group-version-types.ts';
import { graphqlType } from './graphql-types.ts';

/**
 * The graphql-js types of what has been loaded, each made on first use. A type of base.graphql wins over all others, and
 * one that several group-versions describe is taken from the first: the API server describes a definition alike
 * everywhere.
 */
export class TypeRegistry {
  readonly #types: Map<string, GraphQLNamedType>;
  readonly #loaded = new Map<string, GroupVersionTypes>();
  readonly #describedBy = new Map<string, GroupVersionTypes>();

  /** @param base the types of base.graphql. */
  constructor(base: ReadonlyMap<string, GraphQLNamedType>) {
    this.#types = new Map(base);
  }

  /** A group-version's types, if they have been loaded. */
  groupVersion(apiVersion: string): GroupVersionTypes | undefined {
    return this.#loaded.get(apiVersion);
  }

  load(apiVersion: string, types: GroupVersionTypes): void {
    this.#loaded.set(apiVersion, types);
    for (const name of types.names) {
      if (types.isOwn(name) || !this.#describedBy.has(name)) this.#describedBy.set(name, types);
    }
  }

  /** The type of that name, made now if need be; undefined when nothing that has been loaded describes it. */
  named(name: string): GraphQLNamedType | undefined {
    const known = this.#types.get(name);
    if (known !== undefined) return known;
    const definition = this.#describedBy.get(name)?.definition(name);
    if (definition === undefined) return undefined;
    const made = graphqlType(definition, (each) => this.expect(each));
    this.#types.set(name, made);
    return made;
  }

  /** A type that is known to exist. */
  expect(name: string): GraphQLNamedType {
    const type = this.named(name);
    if (type === undefined) throw new Error(`the type ${name} is not loaded`);
    return type;
  }
}
