import { errorOf, readWhole } from '../cluster/read.ts';
import type { UpstreamAnswer } from '../cluster/upstream.ts';
import { errorFromAnswer } from '../errors/from-answer.ts';
import { isJsonObject, tryParseJson } from '../util/json.ts';
import { noteWarnings, type OperationContext } from './call.ts';
import { LIST_START, type ListPosition, type ListScope } from './list-cursor.ts';

export interface ListPagesOptions {
  /** The fields that show the list. */
  readonly responseNames: readonly string[];
  /** Those of them whose answer has no place to say that the list is not of one state. */
  readonly warnOfStates: readonly string[];
  readonly scope: ListScope;
  /** The form in which objects are wanted. Default: whole. */
  readonly accept: string | undefined;
  /** `resourceVersion` and how it is meant, for the first page. */
  readonly freshness: Readonly<Record<string, string | undefined>>;
  /** Where to start. */
  readonly position: ListPosition;
  /** Whether reading waits for somebody who may be slow. */
  readonly waitsForReader: boolean;
}

/** Asks for the pages of one list, one after the other. Whoever makes one calls `close`. */
export class ListPages {
  readonly #context: OperationContext;
  readonly #options: ListPagesOptions;
  #position: ListPosition;
  #consistent = true;
  #ahead: Promise<UpstreamAnswer> | undefined;
  #closing: AbortController | undefined;

  constructor(context: OperationContext, options: ListPagesOptions) {
    this.#context = context;
    this.#options = options;
    this.#position = options.position;
  }

  /** Where the page starts that was asked for last, or will be next. */
  get position(): ListPosition {
    return this.#position;
  }

  /** False once the API server had forgotten the state of the first page, and went on with a newer one. */
  get isConsistent(): boolean {
    return this.#consistent;
  }

  /**
   * The page at `position`, of status 200. A token that has expired is followed up with the one that is offered instead.
   *
   * @param compress whether it may come as gzip.
   */
  async read(limit: number, compress = true): Promise<UpstreamAnswer> {
    const answer = await (this.#ahead ?? this.#send(this.#position, { limit, compress }));
    this.#ahead = undefined;
    if (answer.status === 200) return answer;
    if (answer.status !== 410) throw await errorOf(answer);
    const body = (await readWhole(answer.body)).toString('utf8');
    const { continueToken, resourceVersion, skip } = this.#position;
    const offered = offeredToken(body);
    const hadSnapshot = continueToken !== undefined || resourceVersion !== undefined;
    // Without a token the list would start over behind its first pages.
    const isLost = continueToken !== undefined && offered === undefined;
    if (!hadSnapshot || isLost) throw errorFromAnswer(410, body);
    this.#noteInconsistency();
    this.#position = { continueToken: offered, resourceVersion: undefined, skip };
    const again = await this.#send(this.#position, { limit, compress });
    if (again.status !== 200) throw await errorOf(again);
    return again;
  }

  /**
   * Asks for the page behind the one that is being read, which the API server can then put together meanwhile. Its body
   * waits on the connection, so nothing of it takes up memory here.
   */
  askAhead(continueToken: string, limit: number): void {
    if (this.#ahead !== undefined) return;
    this.#closing = new AbortController();
    const signal = AbortSignal.any([this.#context.signal, this.#closing.signal]);
    this.#ahead = this.#send(startOf(continueToken), { limit, compress: true }, signal);
    // What went wrong is for whoever reads it.
    this.#ahead.catch(() => undefined);
  }

  advanceTo(continueToken: string): void {
    this.#position = startOf(continueToken);
  }

  #noteInconsistency(): void {
    this.#consistent = false;
    for (const name of this.#options.warnOfStates) noteWarnings(this.#context, name, [INCONSISTENT]);
  }

  /** Gives up what has been asked for ahead. */
  close(): void {
    if (this.#ahead !== undefined) this.#closing?.abort();
  }

  async #send(
    { continueToken, resourceVersion, skip }: ListPosition,
    { limit, compress }: { readonly limit: number; readonly compress: boolean },
    signal = this.#context.signal,
  ): Promise<UpstreamAnswer> {
    const { scope, accept, freshness, responseNames, waitsForReader } = this.#options;
    const { upstream, identity } = this.#context;
    const answer = await upstream.send({
      identity,
      signal,
      method: 'GET',
      path: scope.path,
      ...(accept === undefined ? {} : { accept }),
      compress,
      // A small page is read at once, whoever waits for it.
      mode: waitsForReader && compress ? 'download' : 'unary',
      query: {
        labelSelector: scope.labelSelector,
        fieldSelector: scope.fieldSelector,
        limit: String(limit + skip),
        ...pageParameters(continueToken, resourceVersion, freshness),
      },
    });
    for (const name of responseNames) noteWarnings(this.#context, name, answer.warnings);
    return answer;
  }
}

const INCONSISTENT =
  'the API server had forgotten the state that the list began with: what follows is of a newer one, so objects may be missing or old';

function startOf(continueToken: string): ListPosition {
  return { ...LIST_START, continueToken };
}

/** A token says by itself which snapshot it continues; the API server refuses a resourceVersion beside it. */
function pageParameters(
  continueToken: string | undefined,
  resourceVersion: string | undefined,
  freshness: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  if (continueToken !== undefined) return { continue: continueToken };
  return resourceVersion === undefined ? freshness : { resourceVersion, resourceVersionMatch: 'Exact' };
}

function offeredToken(body: string): string | undefined {
  const status = tryParseJson(body);
  const metadata = isJsonObject(status) ? status['metadata'] : undefined;
  const token = isJsonObject(metadata) ? metadata['continue'] : undefined;
  return typeof token === 'string' && token !== '' ? token : undefined;
}
