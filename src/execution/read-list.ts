import type { Resource } from '../catalog/resource.ts';
import { METADATA_LIST } from '../cluster/accept.ts';
import { readWhole } from '../cluster/read.ts';
import type { UpstreamBody } from '../cluster/upstream.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import { createListScanner } from '../projection/create-list-scanner.ts';
import type { ListScanner, ListSummary } from '../projection/list-scanner.ts';
import { type Args, collectionPath, keep, type OperationContext, optionalText } from './call.ts';
import { decodeCursor, encodeCursor, LIST_START, type ListScope } from './list-cursor.ts';
import { ListAssembly } from './list-output.ts';
import { ListPages } from './list-pages.ts';
import type { ListPlan } from './list-plan.ts';

/** Objects asked for at once, as client-go's pager does: one page of large objects stays a few megabytes. */
const PAGE_SIZE = 500;

/**
 * So few items are read as a whole before they are projected: a stream costs more than that. The API server does not compress
 * less than 128 KB, so it is not asked to.
 */
const SMALL_PAGE = 20;

/** The most items of an answer that has to be in memory as a whole, where nothing else is configured. */
const MAX_HELD_ITEMS = 50_000;

/** A list field as an operation asks for it. */
export interface ListRequest {
  readonly responseName: string;
  readonly resource: Resource;
  readonly args: Args;
  readonly plan: ListPlan;
}

/** A connection as JSON while it is being read. */
export interface ListStream {
  /**
   * The JSON in pieces. Where the plan allows it they come as the list does: a reader who takes his time makes the API
   * server wait. Otherwise there is one. Returning early ends the call upstream.
   */
  readonly pieces: AsyncGenerator<Buffer, void, void>;
  /** What makes the pieces so far a JSON value when one after the first fails. */
  readonly breakingOff: string;
}

/** Reads the pages of a list one after the other, for somebody who sends on what has been read. */
export function streamList(context: OperationContext, request: ListRequest): ListStream {
  const reading = new ListReading(context, request, true);
  return { pieces: reading.pieces(), breakingOff: reading.breakingOff };
}

/** The whole of a list, in memory. */
export async function readList(context: OperationContext, request: ListRequest): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const piece of new ListReading(context, request, false).pieces()) parts.push(piece);
  return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
}

/** A page that is being read. */
interface PageScanner {
  readonly scanner: ListScanner;
  /** How many items the next page may have. */
  readonly nextLimit: number;
  readonly chunks: Iterable<Buffer> | AsyncIterable<Buffer>;
}

class ListReading {
  readonly #context: OperationContext;
  readonly #scope: ListScope;
  readonly #pages: ListPages;
  readonly #assembly: ListAssembly;
  readonly #plan: ListPlan;
  /** How many items the caller asked for; undefined for all. */
  readonly #first: number | undefined;
  /** Whether all of them are asked for and none is shown. */
  readonly #isOverview: boolean;
  /** Whether what has been read stays in memory until the end. */
  readonly #isHeld: boolean;
  /** How many bytes of it have been counted. */
  #keptBytes = 0;
  #takenBytes = 0;
  /** The page that is being projected, and which of its items. */
  #page: ListSummary | undefined;
  #index = 0;
  #startCursor: string | undefined;
  #written = 0;

  /** @param isSent whether pieces are sent on as they come. */
  constructor(
    context: OperationContext,
    { responseName, resource, args, plan }: ListRequest,
    isSent: boolean,
  ) {
    this.#context = context;
    this.#scope = scopeOf(resource, args);
    this.#plan = plan;
    this.#first = firstOf(args);
    const after = optionalText(args, 'after');
    const isOfAll = this.#first === undefined && after === undefined;
    this.#isOverview = isOfAll && (plan.needs === 'count' || plan.needs === 'nothing');
    this.#assembly = new ListAssembly(plan.outputs, () =>
      this.#cursorBehind(this.#page as ListSummary, this.#index),
    );
    this.#isHeld = !isSent || !this.#assembly.isStreamable;
    this.#pages = new ListPages(context, {
      responseName,
      scope: this.#scope,
      accept: plan.needs === 'objects' ? undefined : METADATA_LIST,
      freshness: freshnessOf(args, this.#first !== undefined || this.#isOverview),
      position: after === undefined ? LIST_START : decodeCursor(this.#scope, after),
      waitsForReader: !this.#isHeld,
      saysWhetherConsistent: plan.hasPageInfo,
    });
  }

  get breakingOff(): string {
    return this.#assembly.breakingOff;
  }

  async *pieces(): AsyncGenerator<Buffer, void, void> {
    try {
      for (let limit = this.#isOverview ? 1 : this.#pageLimit(); ; limit = this.#pageLimit()) {
        const scanner = await this.#startPage(limit);
        for await (const chunk of scanner.chunks) {
          this.#push(scanner, chunk);
          const piece = this.#assembly.take();
          this.#takenBytes += piece.length;
          if (piece.length > 0) yield piece;
        }
        const page = this.#endPage(scanner);
        if (page.continueToken === undefined || this.#isEnough(page)) {
          const rest = this.#finish(page);
          this.#keep(rest.length);
          return yield rest;
        }
        this.#checkSize(page.continueToken);
        this.#pages.advanceTo(page.continueToken);
      }
    } finally {
      this.#pages.close();
    }
  }

  #isEnough({ remainingItemCount }: ListSummary): boolean {
    // With selectors the API server does not count: somebody has to.
    if (this.#isOverview) return this.#plan.needs === 'nothing' || remainingItemCount !== undefined;
    return this.#first !== undefined && this.#written >= this.#first;
  }

  /** How many items the next page may have, when so many are behind it. */
  #pageLimit(before = this.#written): number {
    const wanted = (this.#first ?? Number.POSITIVE_INFINITY) - before;
    return Math.min(PAGE_SIZE, wanted, this.#maxItems - before);
  }

  /** What is not shown or sent on takes up no memory, however much it is. */
  get #maxItems(): number {
    if (this.#isOverview) return Number.POSITIVE_INFINITY;
    return this.#context.limits.maxListItems ?? (this.#isHeld ? MAX_HELD_ITEMS : Number.POSITIVE_INFINITY);
  }

  async #startPage(limit: number): Promise<PageScanner> {
    const { skip } = this.#pages.position;
    const isSmall = limit + skip <= SMALL_PAGE;
    const body = await this.#pages.read(limit, !isSmall);
    this.#index = skip;
    const scanner = createListScanner({
      programs: this.#assembly.programs,
      outputs: this.#assembly.outputs,
      alreadyWritten: this.#written,
      skipItems: skip,
      onItem: () => {
        this.#written++;
        this.#index++;
      },
    });
    // A page may have fewer items than its limit, and never has more.
    const nextLimit = this.#isOverview ? 0 : this.#pageLimit(this.#written + limit);
    const isWhole = isSmall || this.#plan.hasCursors;
    return { scanner, nextLimit, chunks: isWhole ? [await this.#wholePage(body)] : body };
  }

  async #wholePage(body: UpstreamBody): Promise<Buffer> {
    const whole = await readWhole(body);
    if (!this.#plan.hasCursors) return whole;
    // A cursor names its page's snapshot, and custom resources tell it behind their items: look ahead, then project.
    const scanner = createListScanner({ programs: [], outputs: [] });
    scanner.push(whole);
    this.#page = scanner.end();
    return whole;
  }

  #push({ scanner, nextLimit }: PageScanner, chunk: Buffer): void {
    scanner.push(chunk);
    this.#keep(this.#assembly.heldBytes);
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

  #endPage({ scanner }: PageScanner): ListSummary {
    const page = scanner.end();
    const { skip } = this.#pages.position;
    if (this.#plan.hasPageInfo && page.count > skip) this.#startCursor ??= this.#cursorBehind(page, skip);
    return page;
  }

  /** The cursor behind one item of a page. Behind the last one it is the start of the next page. */
  #cursorBehind(page: ListSummary, index: number): string {
    const isLast = index === page.count - 1 && page.continueToken !== undefined;
    if (isLast) return encodeCursor(this.#scope, { ...LIST_START, continueToken: page.continueToken });
    const { continueToken } = this.#pages.position;
    // A token says by itself which snapshot it continues; the first page has to be asked for by its version.
    const resourceVersion = continueToken === undefined ? page.resourceVersion : undefined;
    return encodeCursor(this.#scope, { continueToken, resourceVersion, skip: index + 1 });
  }

  #checkSize(continueToken: string): void {
    const maxItems = this.#maxItems;
    if (this.#written < maxItems) return;
    throw new KubegraphError(
      'LIST_TOO_LARGE',
      `the list has more than ${maxItems} items: narrow it with a namespace or selector, or read pages with "first" and "after"`,
      { extensions: { cursor: encodeCursor(this.#scope, { ...LIST_START, continueToken }) } },
    );
  }

  #finish(page: ListSummary): Buffer {
    return this.#assembly.finish({
      hasNextPage: page.continueToken !== undefined,
      startCursor: this.#startCursor,
      endCursor:
        this.#plan.hasPageInfo && page.count > 0 ? this.#cursorBehind(page, page.count - 1) : undefined,
      consistent: this.#pages.isConsistent,
      resourceVersion: page.resourceVersion,
      remainingItemCount: this.#isOverview ? this.#countWith(page) : page.remainingItemCount,
    });
  }

  #countWith({ remainingItemCount = '0' }: ListSummary): string {
    return String(BigInt(this.#written) + BigInt(remainingItemCount));
  }
}

function scopeOf(resource: Resource, args: Args): ListScope {
  return {
    path: collectionPath(resource, args),
    labelSelector: optionalText(args, 'labelSelector'),
    fieldSelector: optionalText(args, 'fieldSelector'),
  };
}

/**
 * The caller's resourceVersion, with its match always said: beside a limit the server's unsaid default is `Exact`. At
 * "0" it ignores the limit and sends everything, so pages ask for the newest state, which is as fresh as any.
 */
function freshnessOf(args: Args, isPaged: boolean): Readonly<Record<string, string | undefined>> {
  const resourceVersion = optionalText(args, 'resourceVersion');
  const resourceVersionMatch = optionalText(args, 'resourceVersionMatch');
  if (resourceVersion === undefined) return { resourceVersionMatch };
  if (resourceVersion === '0' && isPaged && resourceVersionMatch !== 'Exact') return {};
  return { resourceVersion, resourceVersionMatch: resourceVersionMatch ?? 'NotOlderThan' };
}

function firstOf(args: Args): number | undefined {
  const first = args['first'];
  if (typeof first !== 'number') return undefined;
  if (first > 0) return first;
  throw new KubegraphError('BAD_USER_INPUT', '"first" must be 1 or more');
}
