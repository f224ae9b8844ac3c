import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import type { Identity } from '../cluster/identity.ts';
import type { Code } from '../errors/codes.ts';
import { Lru } from '../util/lru.ts';
import { documentName, type DocumentRequest, nameError, plainName } from './document-name.ts';

/** Documents that whoever runs the gateway has chosen. */
export interface TrustedDocuments {
  /** By name. */
  readonly texts: ReadonlyMap<string, string>;
  /** Whether nothing else is executed. */
  readonly only: boolean;
}

export interface DocumentsOptions {
  /** Default: none. */
  readonly trusted?: TrustedDocuments | undefined;
  /** Told once of each trusted document that does not fit the schema. */
  readonly warn?: ((problem: string) => void) | undefined;
}

/** A document's text, as a request has asked for it. */
export interface FoundDocument {
  readonly text: string;
  /** To be told what is wrong with it; nothing when it has proved valid. */
  readonly planned: (errors: readonly GraphQLError[]) => void;
}

/** Texts that clients have sent with their hash, in bytes: some thousand documents of the size that a view sends. */
const MAX_REMEMBERED_BYTES = 8 * 1024 * 1024;

/** What an entry takes up beside its text: keys hold two digests. */
const ENTRY_BYTES = 400;

/** Finds the text of whatever a request says of its document, for every way in. */
export class Documents {
  readonly #trusted: ReadonlyMap<string, string>;
  readonly #isOnlyTrusted: boolean;
  readonly #warn: (problem: string) => void;
  readonly #warned = new Set<string>();
  /** By who has sent them, and their hash: nobody learns what others ask. */
  readonly #remembered = new Lru<string, string>({
    maxWeight: MAX_REMEMBERED_BYTES,
    weigh: (text) => text.length * 2 + ENTRY_BYTES,
  });

  constructor({ trusted, warn = () => undefined }: DocumentsOptions = {}) {
    this.#trusted = new Map([...(trusted?.texts ?? [])].map(([name, text]) => [plainName(name), text]));
    this.#isOnlyTrusted = trusted?.only ?? false;
    this.#warn = warn;
  }

  get trustedNames(): Iterable<string> {
    return this.#trusted.keys();
  }

  /** Throws GraphQLError: PERSISTED_QUERY_NOT_FOUND, DOCUMENT_NOT_TRUSTED, and BAD_USER_INPUT for a name that cannot be right. */
  find(request: DocumentRequest, identity: Identity): FoundDocument {
    const name = documentName(request);
    const text = request.query || undefined;
    const trusted = name === undefined ? undefined : this.#trusted.get(name);
    if (name !== undefined && trusted !== undefined) {
      if (text !== undefined && text !== trusted) throw mismatch();
      return { text: trusted, planned: (errors) => this.#noteMisfit(name, errors) };
    }
    if (this.#isOnlyTrusted) throw notTrusted();
    if (name === undefined) return { text: text ?? '', planned: () => undefined };
    const key = `${identity.key}\n${name}`;
    const known = this.#remembered.get(key);
    if (text === undefined && known === undefined) throw notFound(request);
    if (text === undefined || text === known) return { text: known ?? '', planned: () => undefined };
    if (createHash('sha256').update(text).digest('hex') !== name) throw mismatch();
    return { text, planned: (errors) => void (errors.length === 0 && this.#remembered.set(key, text)) };
  }

  #noteMisfit(name: string, errors: readonly GraphQLError[]): void {
    const misfit = errors.find(({ extensions }) => extensions['code'] === MISFIT);
    if (misfit === undefined || this.#warned.has(name)) return;
    this.#warned.add(name);
    this.#warn(`the trusted document ${JSON.stringify(name)} does not fit the schema: ${misfit.message}`);
  }
}

const MISFIT: Code = 'GRAPHQL_VALIDATION_FAILED';

function mismatch(): GraphQLError {
  return nameError('the text that came along is not the document of that name');
}

/** The message is part of Apollo's protocol, whose clients do not look at codes and want 200. */
function notFound({ documentId }: DocumentRequest): GraphQLError {
  const code: Code = 'PERSISTED_QUERY_NOT_FOUND';
  const isApollos = documentId === undefined || documentId === null;
  const http = isApollos ? {} : { http: { status: 400, spec: true } };
  return new GraphQLError('PersistedQueryNotFound', { extensions: { code, ...http } });
}

function notTrusted(): GraphQLError {
  const code: Code = 'DOCUMENT_NOT_TRUSTED';
  const message =
    'only trusted documents are executed here: name one by "documentId" or "extensions.persistedQuery"';
  return new GraphQLError(message, { extensions: { code, http: { status: 403 } } });
}
