import type { Catalog } from '../catalog/catalog.ts';
import type { Deprecations } from '../catalog/deprecations/deprecations.ts';
import type { ExplainDocuments } from '../catalog/explain/documents.ts';
import type { Resource } from '../catalog/resource.ts';
import type { Identity } from '../cluster/identity.ts';
import { readWhole, sendOk } from '../cluster/read.ts';
import { pathOf } from '../cluster/resource-path.ts';
import type { Upstream, UpstreamAnswer, UpstreamRequest } from '../cluster/upstream.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import type { Command, CommandResult } from '../exec/run-command.ts';
import type { GatewaySchema } from '../mapping/gateway-schema.ts';
import { oneLine } from '../util/json.ts';
import type { SharedList } from './read-list.ts';
import type { ReadAnswer } from './read-once.ts';
import type { SelectionContext } from './selections.ts';

/** A `Warning: 299` of the API server, and the field whose call brought it. */
export interface Warning {
  readonly path: readonly string[];
  readonly text: string;
}

/** Bounds of one operation, from the configuration. */
export interface ExecutionLimits {
  /** The most items that one list field answers. Default: 50,000 for what has to be in memory, no limit for what is sent on. */
  readonly maxListItems?: number;
  /** The most bytes that one operation keeps in memory: bodies that are read as a whole, and what lists come to. */
  readonly maxBytes: number;
}

/** Runs a program in a container. Rejects with a KubegraphError. */
export type RunCommand = (command: Command) => Promise<CommandResult>;

/** Everything that answering one operation needs. One object for each operation; nothing in it outlives it. */
export interface OperationContext {
  readonly upstream: Upstream;
  /** Undefined where commands in pods are refused. */
  readonly runCommand: RunCommand | undefined;
  readonly identity: Identity;
  readonly signal: AbortSignal;
  readonly catalog: Catalog;
  readonly deprecations: Deprecations;
  readonly explainDocuments: ExplainDocuments;
  readonly schema: GatewaySchema;
  readonly selection: SelectionContext;
  readonly limits: ExecutionLimits;
  /** How much of `limits.maxBytes` is left. */
  readonly memory: { left: number };
  readonly warnings: Warning[];
  /** What the operation has read, or is reading, of what is no list. */
  readonly reads: Map<string, Promise<ReadAnswer>>;
  /** The lists that it reads, by what they ask for. */
  readonly lists: Map<string, SharedList>;
}

/** Counts bytes that the operation keeps. Throws RESULT_TOO_LARGE beyond its bound: aliases could ask for them many times. */
export function keep(context: OperationContext, bytes: number): void {
  context.memory.left -= bytes;
  if (context.memory.left >= 0) return;
  throw new KubegraphError(
    'RESULT_TOO_LARGE',
    `the operation comes to more than ${context.limits.maxBytes} bytes: select less, or ask in several operations`,
  );
}

/** The whole body of an answer. */
export async function bodyOf(context: OperationContext, answer: UpstreamAnswer): Promise<Buffer> {
  const body = await readWhole(answer.body, Math.max(context.memory.left, 1));
  keep(context, body.length);
  return oneLine(body);
}

/** A field's arguments, with their defaults. */
export type Args = Readonly<Record<string, unknown>>;

export type CallOptions = Omit<UpstreamRequest, 'identity' | 'signal'>;

/** A call upstream as the operation's identity; its warnings go to the field of that response name. */
export async function call(
  context: OperationContext,
  responseName: string,
  options: CallOptions,
): Promise<UpstreamAnswer> {
  const answer = await sendOk(context.upstream, {
    ...options,
    identity: context.identity,
    signal: context.signal,
  });
  noteWarnings(context, responseName, answer.warnings);
  return answer;
}

/** Lists are read in pages and may repeat a warning; once is enough. */
export function noteWarnings(
  context: OperationContext,
  responseName: string,
  texts: readonly string[],
): void {
  for (const text of texts) {
    const isKnown = context.warnings.some((known) => known.text === text && known.path[0] === responseName);
    if (!isKnown) context.warnings.push({ path: [responseName], text });
  }
}

/**
 * A name or namespace that may stand in a path. The API server decodes `%2F` before it routes: a slash in a name would
 * reach a subresource, or another object.
 */
export function pathSegment(value: string, what: 'name' | 'namespace'): string {
  const isSafe = value !== '' && value !== '.' && value !== '..' && !/[/%\\\s]/.test(value);
  if (!isSafe)
    throw new KubegraphError('BAD_USER_INPUT', `${JSON.stringify(value)} cannot be the ${what} of an object`);
  return value;
}

/** The namespace argument where a resource needs one; undefined for cluster-wide resources. */
export function namespaceFor(resource: Resource, args: Args, fallback?: unknown): string | undefined {
  if (!resource.namespaced) return undefined;
  const namespace = args['namespace'] ?? fallback;
  if (typeof namespace === 'string') return pathSegment(namespace, 'namespace');
  throw new KubegraphError('BAD_USER_INPUT', `${resource.kind} is namespaced: say in which namespace`);
}

/** The path of the collection that a field reads or watches: of the namespace that is given, else of all of them. */
export function collectionPath(resource: Resource, args: Args): string {
  const isGiven = args['namespace'] !== undefined && args['namespace'] !== null;
  // To clients in Go it means all of them: here it is a variable that nobody has filled in.
  if (args['namespace'] === '') {
    throw new KubegraphError(
      'BAD_USER_INPUT',
      '"" cannot be the namespace of an object: leave it out for all namespaces',
    );
  }
  return pathOf(resource, isGiven ? namespaceFor(resource, args) : undefined);
}

/** An argument that its GraphQL type guarantees to be a string or absent. */
export function optionalText(args: Args, name: string): string | undefined {
  const value = args[name];
  return typeof value === 'string' ? value : undefined;
}
