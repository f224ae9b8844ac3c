import type { Resource } from '../catalog/resource.ts';
import { errorOf, readWhole } from '../cluster/read.ts';
import type { UpstreamAnswer } from '../cluster/upstream.ts';
import { errorFromAnswer } from '../errors/from-answer.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import { ListScanner, type ListSummary } from '../projection/list-scanner.ts';
import { isJsonObject, tryParseJson } from '../util/json.ts';
import {
  type Args,
  collectionPath,
  keep,
  noteWarnings,
  type OperationContext,
  optionalText,
} from './call.ts';
import { decodeCursor, encodeCursor, type ListPosition, type ListScope } from './list-cursor.ts';
import { ListAssembly } from './list-output.ts';
import type { ListOutput } from './list-plan.ts';

/** Objects asked for at once, as client-go's pager does: one page of large objects stays a few megabytes. */
const PAGE_SIZE = 500;

/** A list field: reads its pages one after the other and answers the connection as JSON. */
export async function readList(
  context: OperationContext,
  responseName: string,
  resource: Resource,
  args: Args,
  plan: readonly ListOutput[],
): Promise<Buffer> {
  const scope: ListScope = {
    path: collectionPath(resource, args),
    labelSelector: optionalText(args, 'labelSelector'),
    fieldSelector: optionalText(args, 'fieldSelector'),
  };
  return new ListReading(context, responseName, scope, args, plan).run();
}

class ListReading {
  readonly #context: OperationContext;
  readonly #responseName: string;
  readonly #scope: ListScope;
  readonly #assembly: ListAssembly;
  readonly #hasEdgeCursors: boolean;
  /** How many items the caller asked for; undefined for all. */
  readonly #first: number | undefined;
  readonly #freshness: Readonly<Record<string, string | undefined>>;
  /** Where the page starts that is being read. */
  #position: ListPosition;
  /** The page that is being projected, and which of its items. */
  #page: ListSummary | undefined;
  #index = 0;
  #startCursor: string | undefined;
  #written = 0;
  #consistent = true;

  constructor(
    context: OperationContext,
    responseName: string,
    scope: ListScope,
    args: Args,
    plan: readonly ListOutput[],
  ) {
    this.#context = context;
    this.#responseName = responseName;
    this.#scope = scope;
    this.#first = firstOf(args);
    this.#freshness = freshnessOf(args, this.#first !== undefined);
    const after = optionalText(args, 'after');
    this.#position = after === undefined ? LIST_START : decodeCursor(scope, after);
    this.#hasEdgeCursors = plan.some(
      (output) => output.kind === 'edges' && output.edge.some(({ kind }) => kind === 'cursor'),
    );
    this.#assembly = new ListAssembly(plan, () => this.#cursorBehind(this.#page as ListSummary, this.#index));
  }

  async run(): Promise<Buffer> {
    for (;;) {
      const page = await this.#readPage();
      this.#startCursor ??=
        page.count > this.#position.skip ? this.#cursorBehind(page, this.#position.skip) : undefined;
      if (page.continueToken === undefined || this.#wanted() <= 0) return this.#finish(page);
      this.#position = { continueToken: page.continueToken, resourceVersion: undefined, skip: 0 };
      this.#checkSize();
    }
  }

  /** How many more items to ask for; Infinity without `first`. */
  #wanted(): number {
    return (this.#first ?? Number.POSITIVE_INFINITY) - this.#written;
  }

  async #readPage(): Promise<ListSummary> {
    const room = this.#context.limits.maxListItems - this.#written;
    const answer = await this.#ask(Math.min(PAGE_SIZE, this.#wanted(), room));
    this.#index = this.#position.skip;
    const sizeBefore = this.#assembly.size;
    const scanner = new ListScanner({
      programs: this.#assembly.programs,
      outputs: this.#assembly.outputs,
      alreadyWritten: this.#written,
      skipItems: this.#position.skip,
      onItem: () => {
        this.#written++;
        this.#index++;
      },
    });
    if (this.#hasEdgeCursors) {
      // A cursor names its page's snapshot, and custom resources tell it behind their items: look ahead, then project.
      const body = await readWhole(answer.body);
      this.#page = summaryOf(body);
      scanner.push(body);
    } else {
      for await (const chunk of answer.body) scanner.push(chunk);
    }
    keep(this.#context, this.#assembly.size - sizeBefore);
    return scanner.end();
  }

  /** The cursor behind one item of a page. Behind the last one it is the start of the next page. */
  #cursorBehind(page: ListSummary, index: number): string {
    const isLast = index === page.count - 1 && page.continueToken !== undefined;
    if (isLast) {
      return encodeCursor(this.#scope, {
        continueToken: page.continueToken,
        resourceVersion: undefined,
        skip: 0,
      });
    }
    const { continueToken } = this.#position;
    // A token says by itself which snapshot it continues; the first page has to be asked for by its version.
    const resourceVersion = continueToken === undefined ? page.resourceVersion : undefined;
    return encodeCursor(this.#scope, { continueToken, resourceVersion, skip: index + 1 });
  }

  /** One page; a token that has expired is followed up with the one that the API server offers instead. */
  async #ask(wanted: number): Promise<UpstreamAnswer> {
    const limit = wanted + this.#position.skip;
    const answer = await this.#send(limit);
    if (answer.status === 200) return answer;
    if (answer.status !== 410) throw await errorOf(answer);
    const body = (await readWhole(answer.body)).toString('utf8');
    const hadSnapshot =
      this.#position.continueToken !== undefined || this.#position.resourceVersion !== undefined;
    const offered = offeredToken(body);
    // Without a token the list would start over behind its first pages.
    const isLost = this.#position.continueToken !== undefined && offered === undefined;
    if (!hadSnapshot || isLost) throw errorFromAnswer(410, body);
    this.#consistent = false;
    this.#position = {
      continueToken: offered,
      resourceVersion: undefined,
      skip: this.#position.skip,
    };
    const again = await this.#send(limit);
    if (again.status !== 200) throw await errorOf(again);
    return again;
  }

  async #send(limit: number): Promise<UpstreamAnswer> {
    const { continueToken, resourceVersion } = this.#position;
    const answer = await this.#context.upstream.send({
      identity: this.#context.identity,
      signal: this.#context.signal,
      method: 'GET',
      path: this.#scope.path,
      compress: true,
      query: {
        labelSelector: this.#scope.labelSelector,
        fieldSelector: this.#scope.fieldSelector,
        limit: String(limit),
        ...pageParameters(continueToken, resourceVersion, this.#freshness),
      },
    });
    noteWarnings(this.#context, this.#responseName, answer.warnings);
    return answer;
  }

  #checkSize(): void {
    const { maxListItems } = this.#context.limits;
    if (this.#written < maxListItems) return;
    throw new KubegraphError(
      'LIST_TOO_LARGE',
      `the list has more than ${maxListItems} items: narrow it with a namespace or selector, or read pages with "first" and "after"`,
      { extensions: { cursor: encodeCursor(this.#scope, this.#position) } },
    );
  }

  #finish(page: ListSummary): Buffer {
    return this.#assembly.finish({
      hasNextPage: page.continueToken !== undefined,
      startCursor: this.#startCursor,
      endCursor: page.count === 0 ? undefined : this.#cursorBehind(page, page.count - 1),
      consistent: this.#consistent,
      resourceVersion: page.resourceVersion,
      remainingItemCount: page.remainingItemCount,
    });
  }
}

const LIST_START: ListPosition = { continueToken: undefined, resourceVersion: undefined, skip: 0 };

function summaryOf(body: Buffer): ListSummary {
  const scanner = new ListScanner({ programs: [], outputs: [] });
  scanner.push(body);
  return scanner.end();
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

function offeredToken(body: string): string | undefined {
  const status = tryParseJson(body);
  const metadata = isJsonObject(status) ? status['metadata'] : undefined;
  const token = isJsonObject(metadata) ? metadata['continue'] : undefined;
  return typeof token === 'string' && token !== '' ? token : undefined;
}
