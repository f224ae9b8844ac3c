import type { GraphQLNamedType, GraphQLObjectType, GraphQLOutputType } from 'graphql';

/** GraphQL types by name, each made on first use. */
export class TypeRegistry {
  readonly #types: Map<string, GraphQLNamedType>;
  readonly #makers = new Map<string, () => GraphQLNamedType>();

  /** @param base types that exist already, and win over whatever is offered under their names. */
  constructor(base: ReadonlyMap<string, GraphQLNamedType>) {
    this.#types = new Map(base);
  }

  /** Makes a type available under a name that nothing else has been offered for. */
  offer(name: string, make: () => GraphQLNamedType): void {
    if (!this.#makers.has(name)) this.#makers.set(name, make);
  }

  /** The type of that name, made now if need be; undefined when nobody has offered one. */
  named(name: string): GraphQLNamedType | undefined {
    const known = this.#types.get(name);
    if (known !== undefined) return known;
    const made = this.#makers.get(name)?.();
    if (made !== undefined) this.#types.set(name, made);
    return made;
  }

  /** The type of that name, made by `make` unless it is there. Callers use a name for one kind of type only. */
  once<T extends GraphQLNamedType>(name: string, make: () => T): T {
    const known = this.#types.get(name);
    if (known !== undefined) return known as T;
    const made = make();
    this.#types.set(name, made);
    return made;
  }

  /** A type that is known to exist. */
  expect(name: string): GraphQLNamedType {
    const type = this.named(name);
    if (type === undefined) throw new Error(`the type ${name} is not loaded`);
    return type;
  }

  /** An output type of base.graphql. Which kind of type it is shows where it is used. */
  base(name: string): GraphQLOutputType & GraphQLObjectType {
    return this.expect(name) as GraphQLObjectType;
  }
}
