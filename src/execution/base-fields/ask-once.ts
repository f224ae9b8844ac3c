import { readWhole, sendOk } from '../../cluster/read.ts';
import { type CallOptions, keep, noteWarnings, type OperationContext } from '../call.ts';
import type { ReadAnswer } from '../read-once.ts';

/**
 * What the API server answers to a question that changes nothing. Fields of an operation that ask the same are one call.
 * Unlike `readOnce`, it leaves the body as it came: line breaks mean something where it is no JSON.
 */
export async function askOnce(
  context: OperationContext,
  responseName: string,
  question: CallOptions,
): Promise<ReadAnswer> {
  // An object's text is never one of the keys of `readOnce`, which are lists and stand for other bodies.
  const key = JSON.stringify(question);
  const asking = context.reads.get(key) ?? askNow(context, question);
  context.reads.set(key, asking);
  const answer = await asking;
  noteWarnings(context, responseName, answer.warnings);
  return answer;
}

async function askNow(context: OperationContext, question: CallOptions): Promise<ReadAnswer> {
  const { upstream, identity, signal } = context;
  const answer = await sendOk(upstream, { ...question, identity, signal });
  const body = await readWhole(answer.body, Math.max(context.memory.left, 1));
  keep(context, body.length);
  return { body, contentType: answer.contentType, warnings: answer.warnings };
}
