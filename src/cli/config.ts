import { readFileSync } from 'node:fs';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { DEFAULT_SCHEMA_OPTIONS } from '../mapping/schema-options.ts';
import type { SchemaSettings } from '../server/schema-settings.ts';
import { UsageError } from './command.ts';
import { readProblem } from './file-problem.ts';

/** What the file says of trusted documents. */
interface DocumentSettings {
  readonly documents?: unknown;
  readonly documentsOnly?: unknown;
}

/** A file of settings, not yet checked beyond their names. */
export interface ConfigFile {
  readonly file: string;
  readonly settings: SchemaSettings & DocumentSettings;
  /** Where the file says something, for messages: `kubegraph.yaml, line 3`. */
  readonly place: (setting: string) => string;
}

export const SETTINGS: ReadonlySet<string> = new Set([
  ...Object.keys(DEFAULT_SCHEMA_OPTIONS),
  ...(['documents', 'documentsOnly'] satisfies (keyof DocumentSettings)[]),
]);

/** Reads a YAML file of settings. Throws UsageError, which names the line, for what is none and for unknown settings. */
export function readConfigFile(file: string): ConfigFile {
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => `${file}, line ${lines.linePos(offset).line}`;
  const [error] = document.errors;
  if (error !== undefined) throw new UsageError(`${at(error.pos[0])} is not YAML: ${error.message}`);
  const { contents } = document;
  if (contents === null) return { file, settings: {}, place: () => file };
  if (!isMap(contents)) throw new UsageError(`${file} is a YAML object of settings`);
  const places = new Map<string, string>();
  for (const { key } of contents.items) {
    const name = isScalar(key) ? String(key.value) : '?';
    const place = isScalar(key) && key.range ? at(key.range[0]) : file;
    if (!SETTINGS.has(name)) {
      throw new UsageError(`${place}: there is no setting "${name}", only ${[...SETTINGS].join(', ')}`);
    }
    places.set(name, place);
  }
  return { file, settings: valuesOf(document, file), place: (setting) => places.get(setting) ?? file };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--config ${file} cannot be read: ${readProblem(error)}`);
  }
}

function valuesOf(document: ReturnType<typeof parseDocument>, file: string): ConfigFile['settings'] {
  try {
    // The keys have been looked at; the values are the reader's to check.
    const values = document.toJS() as Record<string, unknown>;
    // A setting without a value is as if it were not there.
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
  } catch (error) {
    // Aliases that multiply beyond the library's limit, or name no anchor.
    throw new UsageError(`${file} is not YAML: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
}
