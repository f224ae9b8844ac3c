import { describe } from './descriptions.ts';
import { metaDefinition, referredBy } from './names.ts';
import { isRecord } from './record.ts';
import type { Schema } from './schema.ts';
import { builtIn } from './unpack.ts';

export type Definitions = Readonly<Record<string, Schema>>;

/**
 * The built-in definitions that `from` refers to, directly and indirectly, in the order of their names, with our
 * descriptions.
 */
export function referredDefinitions(from: unknown): Definitions {
  const found = new Set<string>();
  collect(from, found);
  const { definitions } = builtIn();
  const named = [...found].sort().flatMap((name): [string, Schema][] => {
    const definition = definitions[name];
    return definition === undefined ? [] : [[name, describe(name, definition)]];
  });
  return Object.fromEntries(named);
}

function collect(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, found);
    return;
  }
  if (!isRecord(value)) return;
  for (const [key, member] of Object.entries(value)) {
    // A property may be called `$ref`: it holds a schema.
    if (key === '$ref' && typeof member === 'string') follow(referredBy(member), found);
    else collect(member, found);
  }
}

function follow(name: string, found: Set<string>): void {
  if (found.has(name)) return;
  found.add(name);
  collect(builtIn().definitions[name], found);
}

/** DeleteOptions and WatchEvent belong to every group; a document names the kinds that it is about. */
export function withSharedKinds(
  definitions: Definitions,
  groupVersions: readonly { readonly group: string; readonly version: string }[],
): Definitions {
  const shared = ['DeleteOptions', 'WatchEvent'].flatMap((kind): [string, Schema][] => {
    const name = metaDefinition(kind);
    const definition = definitions[name];
    if (definition === undefined) return [];
    const kinds = groupVersions.map(({ group, version }) => ({ group, version, kind }));
    return [[name, { ...definition, 'x-kubernetes-group-version-kind': kinds }]];
  });
  return { ...definitions, ...Object.fromEntries(shared) };
}
