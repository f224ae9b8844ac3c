import type { OperationTypeNode } from 'graphql';
import type { Identity } from '../cluster/identity.ts';
import type { DocumentRequest } from './document-name.ts';
import type { FoundDocument } from './documents.ts';

/** One GraphQL request, however it came in. */
export interface OperationRequest extends DocumentRequest {
  /** Where the way in has found the document already. Default: what the engine's documents find. */
  readonly document?: FoundDocument | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly operationName?: string | null | undefined;
  readonly identity: Identity;
  /** Aborted when the client goes away; every call upstream ends with it. */
  readonly signal: AbortSignal;
  /** Which operations this way in allows. A GET must not change anything. Default: all. */
  readonly allow?: readonly `${OperationTypeNode}`[] | undefined;
  /**
   * The cursor that a transport has its client resume from (`Last-Event-ID`): a subscription goes on behind it, whatever its
   * argument says. Live queries start over.
   */
  readonly resumeFrom?: string | undefined;
}

/** What the way can send, that a request came, beside answers that are in memory as text. */
export interface AnswerForms {
  /** Whether an operation that is one introspection may be answered compressed. */
  readonly takesCompressed: boolean;
  /** Whether an answer may be sent while it is still being read. */
  readonly takesStreamed: boolean;
}

/** What a plan depends on. The text is what the request's document has been found to be. */
export type TextRequest = Pick<OperationRequest, 'identity' | 'operationName'> & { readonly query: string };
