import { isProtobuf, METADATA_LIST, METADATA_LIST_IN_PROTOBUF } from '../cluster/accept.ts';
import { readWhole } from '../cluster/read.ts';
import type { UpstreamBody } from '../cluster/upstream.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import { createListScanner } from '../projection/create-list-scanner.ts';
import type { ListScanner, ListSummary } from '../projection/list-scanner.ts';
import { MetadataListDecoder } from '../protobuf/metadata-list.ts';
import { keep, type OperationContext } from './call.ts';
import { encodeCursor, LIST_START } from './list-cursor.ts';
import { ListAssembly, type ListTail } from './list-output.ts';
import { ListPages } from './list-pages.ts';
import type { ListPlan } from './list-plan.ts';
import type { ListQuery, ListRequest } from './list-query.ts';
import { PageSize } from './page-size.ts';

/**
 * So few items are read as a whole before they are projected: a stream costs more than that. The API server does not compress
 * less than 128 KB, so it is not asked to.
 */
const SMALL_PAGE = 20;

/** The API server writes 4 KB at a time, in which few objects end: most would be looked at twice. */
const LEAST_PIECE_BYTES = 64 * 1024;

/** The most items of an answer that has to be in memory as a whole, where nothing else is configured. */
const MAX_HELD_ITEMS = 50_000;

/** A page that is being read. */
interface PageScanner {
  readonly scanner: ListScanner;
  /** Makes JSON of the chunks, where they are none. */
  readonly decoder: MetadataListDecoder | undefined;
  /** How many items the next page may have. */
  readonly nextLimit: number;
  readonly chunks: Iterable<Buffer> | AsyncIterable<Buffer>;
}

/** Reads one list, page by page, for the fields that show it: the first in pieces, which can be sent on when it is alone. */
export class ListReading {
  readonly #context: OperationContext;
  readonly #query: ListQuery;
  readonly #needs: ListPlan['needs'];
  /** The keys of metadata that are asked for in protobuf. */
  readonly #metadataKeys: ReadonlySet<string> | undefined;
  readonly #pages: ListPages;
  readonly #pageSize = new PageSize();
  readonly #first: ListAssembly;
  readonly #others: readonly ListAssembly[];
  readonly #hasCursors: boolean;
  readonly #hasPageInfo: boolean;
  /** Whether what has been read stays in memory until the end. */
  readonly #isHeld: boolean;
  /** How many bytes of it have been counted. */
  #keptBytes = 0;
  #takenBytes = 0;
  /** The page that is being projected, how many bytes of it have come, and which of its items is next. */
  #page: ListSummary | undefined;
  #pageBytes = 0;
  #index = 0;
  #startCursor: string | undefined;
  #written = 0;

  /** @param isSent whether pieces are sent on as they come: of one field only. */
  constructor(
    context: OperationContext,
    query: ListQuery,
    requests: readonly ListRequest[],
    isSent: boolean,
  ) {
    this.#context = context;
    this.#query = query;
    const plans = requests.map(({ plan }) => plan);
    this.#needs = MOST_NEEDED.find((needs) => plans.some((plan) => plan.needs === needs)) ?? 'objects';
    this.#metadataKeys = unionOf(plans.map(({ metadataKeys }) => metadataKeys));
    this.#hasCursors = plans.some(({ hasCursors }) => hasCursors);
    this.#hasPageInfo = plans.some(({ hasPageInfo }) => hasPageInfo);
    const [first, ...others] = plans.map((plan) => this.#assemblyFor(plan));
    if (first === undefined) throw new TypeError('a list is read for somebody');
    this.#first = first;
    this.#others = others;
    this.#isHeld = !isSent || !first.isStreamable;
    this.#pages = new ListPages(context, {
      ...query,
      responseNames: requests.map(({ responseName }) => responseName),
      warnOfStates: requests.flatMap(({ plan, responseName }) => (plan.hasPageInfo ? [] : [responseName])),
      accept: this.#accept,
      waitsForReader: !this.#isHeld,
    });
  }

  get #accept(): string | undefined {
    if (this.#needs === 'objects') return undefined;
    return this.#metadataKeys === undefined ? METADATA_LIST : METADATA_LIST_IN_PROTOBUF;
  }

  #assemblyFor({ outputs }: ListPlan): ListAssembly {
    return new ListAssembly(outputs, () => this.#cursorBehind(this.#page as ListSummary, this.#index));
  }

  /** What makes the pieces so far a JSON value when one after the first fails. */
  get breakingOff(): string {
    return this.#first.breakingOff;
  }

  /** What the first field shows, in pieces. Answers what the others do. */
  async *pieces(): AsyncGenerator<Buffer, readonly Buffer[], void> {
    try {
      for (let limit = this.#query.isOverview ? 1 : this.#pageLimit(); ; limit = this.#pageLimit()) {
        const scanner = await this.#startPage(limit);
        for await (const chunk of scanner.chunks) {
          this.#push(scanner, chunk);
          const piece = this.#first.take();
          this.#takenBytes += piece.length;
          if (piece.length > 0) yield piece;
        }
        const page = this.#endPage(scanner);
        if (page.continueToken === undefined || this.#isEnough(page)) {
          const tail = this.#tail(page);
          const rest = this.#first.finish(tail);
          const others = this.#others.map((assembly) => assembly.finish(tail));
          this.#keep([rest, ...others].reduce((sum, { length }) => sum + length, 0));
          yield rest;
          return others;
        }
        this.#checkSize(page.continueToken);
        this.#pages.advanceTo(page.continueToken);
      }
    } finally {
      this.#pages.close();
    }
  }

  #isEnough({ remainingItemCount }: ListSummary): boolean {
    const { first } = this.#query;
    // With selectors the API server does not count: somebody has to.
    if (this.#query.isOverview) return this.#needs === 'nothing' || remainingItemCount !== undefined;
    return first !== undefined && this.#written >= first;
  }

  /** How many items the next page may have, when so many are behind it. */
  #pageLimit(before = this.#written): number {
    const wanted = (this.#query.first ?? Number.POSITIVE_INFINITY) - before;
    return Math.min(this.#pageSize.items, wanted, this.#maxItems - before);
  }

  /** What is not shown or sent on takes up no memory, however much it is. */
  get #maxItems(): number {
    if (this.#query.isOverview) return Number.POSITIVE_INFINITY;
    return this.#context.limits.maxListItems ?? (this.#isHeld ? MAX_HELD_ITEMS : Number.POSITIVE_INFINITY);
  }

  async #startPage(limit: number): Promise<PageScanner> {
    const { skip } = this.#pages.position;
    const isSmall = limit + skip <= SMALL_PAGE;
    const { body, contentType } = await this.#pages.read(limit, !isSmall);
    const keys = isProtobuf(contentType) ? this.#metadataKeys : undefined;
    const decoder = keys && new MetadataListDecoder(keys);
    this.#index = skip;
    this.#pageBytes = 0;
    const assemblies = [this.#first, ...this.#others];
    const scanner = createListScanner({
      programs: assemblies.flatMap(({ programs }) => programs),
      outputs: assemblies.flatMap(({ outputs }) => outputs),
      alreadyWritten: this.#written,
      skipItems: skip,
      onItem: () => {
        this.#written++;
        this.#index++;
      },
    });
    // A page may have fewer items than its limit, and never has more.
    const nextLimit = this.#query.isOverview ? 0 : this.#pageLimit(this.#written + limit);
    const isWhole = isSmall || this.#hasCursors;
    return isWhole
      ? { scanner, nextLimit, decoder: undefined, chunks: [await this.#wholePage(body, decoder)] }
      : { scanner, nextLimit, decoder, chunks: body.pieces(LEAST_PIECE_BYTES) };
  }

  async #wholePage(body: UpstreamBody, decoder: MetadataListDecoder | undefined): Promise<Buffer> {
    const sent = await readWhole(body);
    const whole = decoder === undefined ? sent : decoder.push(sent);
    decoder?.end();
    if (!this.#hasCursors) return whole;
    // A cursor names its page's snapshot, and custom resources tell it behind their items: look ahead, then project.
    const scanner = createListScanner({ programs: [], outputs: [] });
    scanner.push(whole);
    this.#page = scanner.end();
    return whole;
  }

  #push({ scanner, decoder, nextLimit }: PageScanner, chunk: Buffer): void {
    scanner.push(decoder === undefined ? chunk : decoder.push(chunk));
    this.#pageBytes += chunk.length;
    this.#keep(this.#others.reduce((sum, { bytes }) => sum + bytes, this.#first.heldBytes));
    const { continueToken } = scanner.metadata;
    if (continueToken !== undefined && nextLimit > 0) this.#pages.askAhead(continueToken, nextLimit);
  }

  /** Counts what is in memory by now: what has been taken, unless it was sent on, and what is still to be. */
  #keep(bytes: number): void {
    const total = bytes + (this.#isHeld ? this.#takenBytes : 0);
    if (total <= this.#keptBytes) return;
    keep(this.#context, total - this.#keptBytes);
    this.#keptBytes = total;
  }

  #endPage({ scanner, decoder }: PageScanner): ListSummary {
    decoder?.end();
    const page = scanner.end();
    // A page with cursors is in memory as a whole: it stays as small as the first.
    if (!this.#hasCursors) this.#pageSize.add(page.count, this.#pageBytes);
    const { skip } = this.#pages.position;
    if (this.#hasPageInfo && page.count > skip) this.#startCursor ??= this.#cursorBehind(page, skip);
    return page;
  }

  /** The cursor behind one item of a page. Behind the last one it is the start of the next page. */
  #cursorBehind(page: ListSummary, index: number): string {
    const isLast = index === page.count - 1 && page.continueToken !== undefined;
    if (isLast) return encodeCursor(this.#query.scope, { ...LIST_START, continueToken: page.continueToken });
    const { continueToken } = this.#pages.position;
    // A token says by itself which snapshot it continues; the first page has to be asked for by its version.
    const resourceVersion = continueToken === undefined ? page.resourceVersion : undefined;
    return encodeCursor(this.#query.scope, { continueToken, resourceVersion, skip: index + 1 });
  }

  #checkSize(continueToken: string): void {
    const maxItems = this.#maxItems;
    if (this.#written < maxItems) return;
    throw new KubegraphError(
      'LIST_TOO_LARGE',
      `the list has more than ${maxItems} items: narrow it with a namespace or selector, or read pages with "first" and "after"`,
      { extensions: { cursor: encodeCursor(this.#query.scope, { ...LIST_START, continueToken }) } },
    );
  }

  #tail(page: ListSummary): ListTail {
    return {
      hasNextPage: page.continueToken !== undefined,
      startCursor: this.#startCursor,
      endCursor: this.#hasPageInfo && page.count > 0 ? this.#cursorBehind(page, page.count - 1) : undefined,
      consistent: this.#pages.isConsistent,
      resourceVersion: page.resourceVersion,
      remainingItemCount: this.#query.isOverview ? this.#countWith(page) : page.remainingItemCount,
    };
  }

  #countWith({ remainingItemCount = '0' }: ListSummary): string {
    return String(BigInt(this.#written) + BigInt(remainingItemCount));
  }
}

/** Undefined when one of them is. */
function unionOf(sets: readonly (ReadonlySet<string> | undefined)[]): ReadonlySet<string> | undefined {
  return sets.includes(undefined) ? undefined : new Set(sets.flatMap((set) => [...(set ?? [])]));
}

/** A page that serves several fields has what the most demanding of them needs. */
const MOST_NEEDED: readonly ListPlan['needs'][] = ['objects', 'metadata', 'count', 'nothing'];
