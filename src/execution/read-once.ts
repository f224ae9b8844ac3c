import { sendOk } from '../cluster/read.ts';
import { bodyOf, noteWarnings, type OperationContext, type ReadObject } from './call.ts';

export interface ObjectRead {
  readonly path: string;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** The form in which the object is wanted. Default: whole. */
  readonly accept?: string | undefined;
}

/** Reads one object. Fields of an operation that read the same are one call, also where they select different things. */
export async function readOnce(
  context: OperationContext,
  responseName: string,
  read: ObjectRead,
): Promise<Buffer> {
  const key = JSON.stringify([read.path, read.query, read.accept]);
  const object = context.reads.get(key) ?? readObject(context, read);
  context.reads.set(key, object);
  const { body, warnings } = await object;
  noteWarnings(context, responseName, warnings);
  return body;
}

async function readObject(
  context: OperationContext,
  { path, query, accept }: ObjectRead,
): Promise<ReadObject> {
  const { upstream, identity, signal } = context;
  const answer = await sendOk(upstream, {
    identity,
    signal,
    method: 'GET',
    path,
    query,
    ...(accept === undefined ? {} : { accept }),
  });
  return { body: await bodyOf(context, answer), warnings: answer.warnings };
}
