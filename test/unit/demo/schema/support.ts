import { readFileSync } from 'node:fs';
import { parseJson } from '../../../../demo/api/json.ts';
import type { KubeObject } from '../../../../demo/api/object.ts';
import { createRegistry } from '../../../../demo/registry/registry.ts';
import { createSchemas } from '../../../../demo/registry/schemas.ts';
import { prepare } from '../../../../demo/schema/prepare.ts';
import type { FieldError, Prepared, Schema, SchemaSource } from '../../../../demo/schema/schema.ts';
import { validate } from '../../../../demo/schema/validate.ts';
import { createStore } from '../../../../demo/storage/memory-store.ts';

/** The schemas of the built-in kinds. */
export const source: SchemaSource = createSchemas(
  createRegistry(createStore({ clock: { now: () => 0, after: () => () => {} } })),
);

/** What a real API server answered, one JSON value a line. */
export function recorded(name: string): readonly unknown[] {
  const text = readFileSync(new URL(`recorded/${name}.ndjson`, import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => parseJson(line));
}

function schemaOf(apiVersion: string, kind: string): Schema | undefined {
  const [version = '', group = ''] = apiVersion.split('/').toReversed();
  return source.schemaOf({ group, version, kind });
}

/** A built-in object, prepared from its JSON; kind and apiVersion may be missing in the text. */
export function prepareText(apiVersion: string, kind: string, text: string): Prepared {
  const object = { apiVersion, kind, ...(parseJson(text) as object) };
  return prepare({ source, schema: schemaOf(apiVersion, kind), object, isCustom: false, text });
}

export function errorsOf(object: KubeObject, live?: KubeObject): readonly FieldError[] {
  const schema = schemaOf(object.apiVersion, object.kind);
  return validate({ source, schema, object, isCustom: false, live });
}
