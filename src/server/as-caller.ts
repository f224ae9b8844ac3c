import type { Identity } from '../cluster/identity.ts';
import { type Answer, refusal } from '../execution/answer.ts';
import { requestError, type ReportDefect } from '../execution/graphql-errors.ts';
import { callerOf } from './caller.ts';
import type { AuthMode } from './options.ts';

export interface Call {
  /** The value of `Authorization`. */
  readonly authorization: string | null;
  readonly signal: AbortSignal;
}

/** What `run` answers for whoever calls. Never rejects: a caller who is nobody, and all that fails, is a refusal. */
export async function asCaller<T>(
  { mode, report }: { readonly mode: AuthMode; readonly report: ReportDefect },
  { authorization, signal }: Call,
  run: (identity: Identity) => Promise<T>,
): Promise<T | Answer> {
  try {
    return await run(callerOf(mode, authorization));
  } catch (error) {
    return refusal([requestError(error, signal, report)]);
  }
}
