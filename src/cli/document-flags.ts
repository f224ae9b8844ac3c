import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { TrustedDocuments } from '../execution/documents.ts';
import { readManifest } from '../server/documents-manifest.ts';
import { type Flags, type FlagSpec, UsageError } from './command.ts';
import type { ConfigFile } from './config.ts';
import { readProblem } from './file-problem.ts';
import { readConfigFlag } from './schema-flags.ts';

/** The flags that say which documents are trusted, for every command that executes some. */
export const DOCUMENT_FLAGS: Readonly<Record<string, FlagSpec>> = {
  documents: {
    type: 'string',
    value: 'FILE',
    description: 'A JSON file of trusted documents by name, which requests can then ask for by that.',
  },
  'documents-only': {
    type: 'boolean',
    description: 'Execute nothing but the documents of --documents: no introspection, no GraphiQL.',
  },
};

/** The trusted documents by the flags and the file of settings that they name. Throws UsageError. */
export function readDocumentFlags(
  flags: Flags,
  config = readConfigFlag(flags),
): TrustedDocuments | undefined {
  const only = flags['documents-only'] === true || readOnlySetting(config);
  const given = typeof flags['documents'] === 'string' ? flags['documents'] : undefined;
  const file = given ?? readFileSetting(config);
  if (file === undefined) {
    if (only) throw new UsageError('--documents-only needs --documents');
    return undefined;
  }
  const place = given === undefined ? `${config?.place('documents')}: documents` : '--documents';
  const refuse = (words: string): UsageError => new UsageError(`${place} ${file} ${words}`);
  return { texts: readManifest(readText(file, refuse), refuse), only };
}

function readOnlySetting(config: ConfigFile | undefined): boolean {
  const { documentsOnly = false } = config?.settings ?? {};
  if (typeof documentsOnly === 'boolean') return documentsOnly;
  throw new UsageError(`${config?.place('documentsOnly')}: documentsOnly is true or false`);
}

/** As seen from the file of settings, wherever the process runs. */
function readFileSetting(config: ConfigFile | undefined): string | undefined {
  const documents = config?.settings.documents;
  if (config === undefined || documents === undefined) return undefined;
  if (typeof documents === 'string') return path.resolve(path.dirname(config.file), documents);
  throw new UsageError(`${config.place('documents')}: documents is the path of a file`);
}

function readText(file: string, refuse: (words: string) => UsageError): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw refuse(`cannot be read: ${readProblem(error)}`);
  }
}
