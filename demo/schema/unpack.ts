import { brotliDecompressSync } from 'node:zlib';
import { packed } from './packed.ts';
import type { Schema } from './schema.ts';

/** What the real control plane had, as `npm run demo:capture` saw it. */
export interface Captured {
  /** The answer to `GET /version`. */
  readonly version: Readonly<Record<string, unknown>>;
  readonly info: Readonly<Record<string, unknown>>;
  /** Aggregated discovery, without its wrapping; in its order. */
  readonly groups: readonly CapturedGroup[];
  /** All group-versions' component schemas by name. They have the same name for the same thing. */
  readonly definitions: Readonly<Record<string, Schema>>;
}

export interface CapturedGroup {
  readonly group: string;
  readonly versions: readonly { readonly version: string; readonly resources: readonly CapturedResource[] }[];
}

export interface CapturedResource {
  readonly resource: string;
  readonly responseKind: CapturedKind;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly singularResource: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly {
    readonly subresource: string;
    readonly responseKind: CapturedKind;
    readonly verbs: readonly string[];
  }[];
}

/** Group and version are empty where they are those of the group-version. */
export interface CapturedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

let captured: Captured | undefined;

/** Unpacked when it is first asked for: takes some milliseconds. */
export function builtIn(): Captured {
  captured ??= JSON.parse(brotliDecompressSync(Buffer.from(packed, 'base64')).toString()) as Captured;
  return captured;
}

let names: ReadonlyMap<string, string> | undefined;

/** The name of a built-in kind's definition: `io.k8s.api.apps.v1.Deployment`. */
export function definitionName(of: CapturedKind): string | undefined {
  names ??= new Map(
    Object.entries(builtIn().definitions).flatMap(([name, schema]) =>
      (schema['x-kubernetes-group-version-kind'] ?? []).map((kind) => [keyOf(kind), name] as const),
    ),
  );
  return names.get(keyOf(of));
}

function keyOf({ group, version, kind }: CapturedKind): string {
  return `${group}/${version}/${kind}`;
}
