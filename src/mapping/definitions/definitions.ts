import type { Resource } from '../../catalog/resource.ts';
import type { FieldSource, RootBinding } from '../bindings.ts';
import type { Operation } from '../names/resource-fields.ts';

/**
 * GraphQL types as plain data. They are made from the compiled OpenAPI documents and base.graphql, once, and everything
 * that shows the schema is made from them: graphql-js types for what a document touches, introspection answers, SDL.
 */
export type TypeDefinition =
  | ObjectDefinition
  | InterfaceDefinition
  | InputDefinition
  | EnumDefinition
  | ScalarDefinition;

/** A type as SDL writes it, for example `String`, `[CoreV1Pod!]!`. */
export type TypeRef = string;

export interface ObjectDefinition {
  readonly kind: 'OBJECT';
  readonly name: string;
  readonly description: string | undefined;
  readonly interfaces: readonly string[];
  /** Made anew by every call: large, and most types are never looked at. */
  readonly fields: () => readonly FieldDefinition[];
  /** Set on the types of whole objects. */
  readonly resource: Resource | undefined;
}

export interface InterfaceDefinition {
  readonly kind: 'INTERFACE';
  readonly name: string;
  readonly description: string | undefined;
  readonly fields: () => readonly FieldDefinition[];
}

export interface InputDefinition {
  readonly kind: 'INPUT_OBJECT';
  readonly name: string;
  readonly description: string | undefined;
  readonly fields: () => readonly InputValueDefinition[];
}

export interface EnumDefinition {
  readonly kind: 'ENUM';
  readonly name: string;
  readonly description: string | undefined;
  readonly values: readonly EnumValueDefinition[];
}

export interface EnumValueDefinition {
  readonly name: string;
  readonly description: string | undefined;
}

export interface ScalarDefinition {
  readonly kind: 'SCALAR';
  readonly name: string;
  readonly description: string | undefined;
  /** The `url` of `@specifiedBy`. */
  readonly specifiedBy: string | undefined;
}

export interface FieldDefinition {
  readonly name: string;
  readonly description: string | undefined;
  readonly type: TypeRef;
  readonly args: readonly InputValueDefinition[];
  /** The `reason` of `@deprecated`. */
  readonly deprecated: string | undefined;
  /** Set on the fields of root types. */
  readonly root?: RootBinding;
  /** Where the value comes from; undefined: from the key that is the field's name. */
  readonly source?: FieldSource;
}

/** An argument, or a field of an input type. */
export interface InputValueDefinition {
  readonly name: string;
  readonly description: string | undefined;
  readonly type: TypeRef;
  /** As a GraphQL literal, for example `false` or `STRICT`. */
  readonly defaultValue: string | undefined;
  readonly deprecated: string | undefined;
  /** The key in the Kubernetes object, where it is not the name. */
  readonly key?: string;
  /** Its members join the typed ones of the object that it is in. */
  readonly spread?: true;
}

export interface Passing {
  /**
   * Made from something else than the keys of the schema's parts name: a document could not be had, or is another one than
   * the API server's index names. Not to be kept under these keys.
   */
  readonly isPassing: boolean;
}

/** One type, as far as there is one of its name. */
export interface FoundDefinition extends Passing {
  readonly definition: TypeDefinition | undefined;
}

/**
 * A part of a schema that can be made without the rest: base.graphql, or one group-version. Parts are what answers about
 * the whole schema are assembled from, so that a changed custom resource costs one part and not all of them.
 */
export interface SchemaPart {
  /** Empty for base.graphql, else the `apiVersion`. */
  readonly name: string;
  /** Equal for equal content, and only then. */
  readonly key: string;
}

export interface PartDefinitions extends Passing {
  /** Types that no other part has, in the order of their names. */
  readonly types: readonly TypeDefinition[];
  /** Types that other parts may have too, alike: the first part that has one gives it. In the order of their names. */
  readonly shared: readonly TypeDefinition[];
  /** What the part adds to the root types, in the order of their names. */
  readonly roots: Readonly<Record<Operation, readonly FieldDefinition[]>>;
  /** Why the API server's document could not be had, in words; the part's kinds are then shapeless. */
  readonly problem: string | undefined;
}
