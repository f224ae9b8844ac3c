import type { KubeObject } from '../api/object.ts';

/** An OpenAPI v3 schema, as far as the demo's documents use it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly uniqueItems?: boolean;
  readonly not?: Schema;
  readonly 'x-kubernetes-group-version-kind'?: readonly { group: string; version: string; kind: string }[];
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'granular' | 'atomic';
  readonly 'x-kubernetes-patch-merge-key'?: string;
  readonly 'x-kubernetes-patch-strategy'?: string;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-validations'?: readonly unknown[];
}

/** The schemas of one kind and everything it refers to. */
export interface SchemaSource {
  /** The kind's own schema; undefined where there is none, which allows everything. */
  schemaOf(of: {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }): Schema | undefined;
  /** Follows `$ref` and one-element `allOf`; answers the schema itself where there is nothing to follow. */
  resolve(schema: Schema): Schema;
}

/** What strict decoding found. Texts are the real server's: `unknown field "spec.foo"`, `duplicate field "data.a"`. */
export interface DecodingProblem {
  readonly kind: 'unknown' | 'duplicate';
  readonly text: string;
}

/** An invalid value; becomes a cause of a 422. */
export interface FieldError {
  /** `FieldValueRequired`, `FieldValueInvalid`, `FieldValueTypeInvalid`, `FieldValueNotSupported`… */
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

export interface Prepared {
  /** Defaulted, and (for custom resources) pruned of unknown fields. */
  readonly object: KubeObject;
  readonly problems: readonly DecodingProblem[];
}
