import { GraphQLError } from 'graphql';
import type { Code } from '../errors/codes.ts';
import { isJsonObject } from '../util/json.ts';

/** What a request says of its document: the text, a name for it, or both. Nothing is checked yet. */
export interface DocumentRequest {
  /** Empty or absent where there is only a name. */
  readonly query?: string | null | undefined;
  /** By GraphQL over HTTP, appendix A: `sha256:` and the document's digest, or any other name that was agreed on. */
  readonly documentId?: unknown;
  /** Apollo's `persistedQuery` in it names the document, too. */
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

/** Whether there is anything that should be a name. */
export function namesDocument({ documentId, extensions }: DocumentRequest): boolean {
  return isThere(documentId) || isThere(extensions?.['persistedQuery']);
}

/**
 * The name of a request's document: lower-case hexadecimal digits of its SHA-256, or another one that was agreed on.
 * Undefined where it has none; throws GraphQLError for what cannot be one.
 */
export function documentName({ documentId, extensions }: DocumentRequest): string | undefined {
  const persisted = extensions?.['persistedQuery'];
  const byId = isThere(documentId) ? nameOfId(documentId) : undefined;
  const byHash = isThere(persisted) ? nameOfPersisted(persisted) : undefined;
  if (byId !== undefined && byHash !== undefined && byId !== byHash)
    throw nameError('"documentId" and "extensions.persistedQuery" name two documents');
  return byId ?? byHash;
}

/** One digest has one name, with the prefix that GraphQL over HTTP gives it or without. */
export function plainName(name: string): string {
  return name.startsWith(DIGEST_PREFIX) ? name.slice(DIGEST_PREFIX.length) : name;
}

/** What is wrong with the way a document is named. */
export function nameError(message: string): GraphQLError {
  const code: Code = 'BAD_USER_INPUT';
  return new GraphQLError(message, { extensions: { code, http: { status: 400, spec: true } } });
}

const DIGEST_PREFIX = 'sha256:';

function nameOfId(documentId: unknown): string {
  if (typeof documentId === 'string' && documentId !== '') return plainName(documentId);
  throw nameError('"documentId" is a text');
}

function nameOfPersisted(persisted: unknown): string {
  const { version, sha256Hash } = isJsonObject(persisted) ? persisted : {};
  if (version === 1 && typeof sha256Hash === 'string' && sha256Hash !== '') return sha256Hash;
  throw nameError('"extensions.persistedQuery" is { "version": 1, "sha256Hash": "…" }');
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}
