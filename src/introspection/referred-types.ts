import type { TypeDefinition } from '../mapping/definitions/definitions.ts';

/** Finds types that are referred to while a text is written. */
export class ReferredTypes {
  readonly #known: Map<string, TypeDefinition>;
  readonly #find: (name: string) => Promise<TypeDefinition | undefined>;

  /**
   * @param known types that are at hand.
   * @param find loads any other one.
   */
  constructor(known: Iterable<TypeDefinition>, find: (name: string) => Promise<TypeDefinition | undefined>) {
    this.#known = new Map();
    for (const type of known) this.#known.set(type.name, type);
    this.#find = find;
  }

  /** Throws, within `write`, for a type that is not at hand. */
  readonly named = (name: string): TypeDefinition => {
    const type = this.#known.get(name);
    if (type === undefined) throw new NotAtHand(name);
    return type;
  };

  /**
   * Writes, and once more for each type that had to be loaded. Few have to be, and only what is selected tells which.
   */
  async write(write: () => string): Promise<string> {
    for (;;) {
      try {
        return write();
      } catch (error) {
        if (!(error instanceof NotAtHand)) throw error;
        const type = await this.#find(error.typeName);
        if (type === undefined)
          throw new Error(`the schema refers to the type ${error.typeName}, which it does not have`, {
            cause: error,
          });
        this.#known.set(type.name, type);
      }
    }
  }
}

class NotAtHand extends Error {
  readonly typeName: string;

  constructor(typeName: string) {
    super(`the type ${typeName} is not at hand`);
    this.typeName = typeName;
  }
}
