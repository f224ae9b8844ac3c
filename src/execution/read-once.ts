import { sendOk } from '../cluster/read.ts';
import { bodyOf, noteWarnings, type OperationContext } from './call.ts';

export interface OnceRead {
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** The form in which the answer is wanted. Default: JSON. */
  readonly accept?: string | undefined;
  /** Whether it may come as gzip. Default: no, which costs less for single objects. */
  readonly compress?: boolean;
}

/** What the API server answered to a GET. */
export interface ReadAnswer {
  readonly body: Buffer;
  readonly contentType: string;
  readonly warnings: readonly string[];
}

/**
 * Reads what is at one path. Fields of an operation that read the same are one call, also where they select different things:
 * what each of them answers is for the caller to count.
 */
export async function readOnce(
  context: OperationContext,
  responseName: string,
  read: OnceRead,
): Promise<ReadAnswer> {
  const key = JSON.stringify([read.path, read.query, read.accept]);
  const reading = context.reads.get(key) ?? readNow(context, read);
  context.reads.set(key, reading);
  const answer = await reading;
  noteWarnings(context, responseName, answer.warnings);
  return answer;
}

async function readNow(
  context: OperationContext,
  { path, query, accept, compress }: OnceRead,
): Promise<ReadAnswer> {
  const { upstream, identity, signal } = context;
  const answer = await sendOk(upstream, {
    identity,
    signal,
    method: 'GET',
    path,
    ...(query === undefined ? {} : { query }),
    ...(accept === undefined ? {} : { accept }),
    ...(compress === undefined ? {} : { compress }),
  });
  const { contentType, warnings } = answer;
  return { body: await bodyOf(context, answer), contentType, warnings };
}
