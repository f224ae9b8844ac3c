import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { parseAllDocuments } from 'yaml';
import { HarnessError } from './errors.ts';

/** The parts of a CustomResourceDefinition that the harness looks at. */
export interface CrdManifest {
  readonly kind: 'CustomResourceDefinition';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

/**
 * The CustomResourceDefinitions in these files: YAML (several documents allowed), JSON, a `List` of either, or one
 * JSON value a line (.ndjson); each may be gzipped (.gz). Anything else in a file is an error that names it.
 */
export async function readCrds(files: readonly string[]): Promise<CrdManifest[]> {
  const lists = await Promise.all(files.map(readCrdFile));
  return lists.flat();
}

async function readCrdFile(file: string): Promise<CrdManifest[]> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new HarnessError(`cannot read ${file}: ${cause instanceof Error ? cause.message : String(cause)}`);
  });
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return parse(file.replace(/\.gz$/, ''), text)
    .flatMap(itemsOf)
    .map((object) => {
      if (isCrd(object)) return object;
      throw new HarnessError(
        `${file} holds something that is no CustomResourceDefinition: ${kindOf(object)}`,
      );
    });
}

function parse(name: string, text: string): unknown[] {
  if (name.endsWith('.ndjson')) return text.split('\n').filter(Boolean).map(parseJson);
  // JSON.parse is many times faster than the YAML parser, which takes JSON too.
  if (name.endsWith('.json')) return [parseJson(text)];
  return parseAllDocuments(text)
    .map((document): unknown => {
      const [error] = document.errors;
      if (error) throw new HarnessError(`${name} is not valid YAML: ${error.message.split('\n')[0]}`);
      return document.toJS();
    })
    .filter((document) => document !== null);
}

function parseJson(text: string): unknown {
  return JSON.parse(text);
}

function itemsOf(object: unknown): unknown[] {
  return kindOf(object) === 'List' ? (object as { readonly items: unknown[] }).items : [object];
}

function isCrd(object: unknown): object is CrdManifest {
  // The API server checks the rest, with better messages.
  return kindOf(object) === 'CustomResourceDefinition';
}

function kindOf(object: unknown): string {
  return typeof object === 'object' && object !== null && 'kind' in object
    ? String(object.kind)
    : typeof object;
}
