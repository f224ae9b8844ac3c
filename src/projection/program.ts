/**
 * What to take out of a JSON object, and under which names to answer it.
 *
 * A program is the compiled form of a GraphQL selection. It knows bytes only: which keys to look for, where a nested
 * object goes on with a program of its own, and what to write where a key is absent. Outputs are written in the order of
 * `outputs`, whatever the order of the keys in the source.
 */
export interface ObjectProgram {
  readonly outputs: readonly Output[];
}

export type Output = KeyOutput | MembersOutput | MemberOutput | LiteralOutput | ComputedOutput | SelfOutput;

/** The value of one key of the source. An absent key and `null` are answered as `null`. */
export interface KeyOutput {
  readonly kind: 'key';
  readonly responseName: string;
  /** The key in the source, unescaped. */
  readonly key: string;
  /** `null`: the value's bytes are copied as they are. A program: the value is an object, or (nested) arrays of them. */
  readonly program: ObjectProgram | null;
  /** When set, an absent or null value is projected as if it were `{}`: for fields that are never null. */
  readonly required?: boolean;
}

/**
 * Some members of the map under one key, as they stand there and in the map's order; what the map lacks is left out. An
 * absent key, and a value that is not an object, are answered as `null`.
 */
export interface MembersOutput {
  readonly kind: 'members';
  readonly responseName: string;
  readonly key: string;
  /** The members' keys, unescaped. */
  readonly members: readonly string[];
}

/** The value of one member of the map under one key; `null` where either is absent. */
export interface MemberOutput {
  readonly kind: 'member';
  readonly responseName: string;
  readonly key: string;
  /** The member's key, unescaped. */
  readonly member: string;
}

/** A JSON text that does not depend on the source, for example `"CoreV1Pod"` for `__typename`. */
export interface LiteralOutput {
  readonly kind: 'literal';
  readonly responseName: string;
  readonly json: string;
}

/** A JSON text made from the whole object that the program runs over, for example its YAML. */
export interface ComputedOutput {
  readonly kind: 'computed';
  readonly responseName: string;
  /** Gets exactly the object's own bytes (`{`…`}`), or those of `{}` if it reads nothing; answers JSON text. */
  readonly compute: (object: Buffer) => string | Buffer;
  /** What the text depends on. Default: all of the object. */
  readonly reads?: 'nothing' | 'metadata' | 'object';
  /**
   * Set where the text is the base64url of this head, `metadata.namespace` ("" where it has none), a comma, `metadata.name`, both
   * as JSON strings, and `]`, for every object that has a name. An engine may then write it without calling `compute`.
   */
  readonly idHead?: string;
}

/** The object itself, by another program: what an edge's node is. A program that has one has no outputs that read a key. */
export interface SelfOutput {
  readonly kind: 'self';
  readonly responseName: string;
  readonly program: ObjectProgram;
}
