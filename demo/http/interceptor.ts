import type { User } from '../verbs/request.ts';
import type { Answer } from './answer.ts';
import type { RequestInfo } from './request-info.ts';

/** The socket below a request, for those who want to break it. */
export interface Connection {
  /** Ends it without a goodbye; all requests on it are lost. */
  reset(): void;
  /** Leaves it open and silent for ever: nothing that is written from now on arrives. */
  freeze(): void;
}

export interface InterceptedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly info: RequestInfo;
  readonly user: User;
  readonly connection: Connection;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
}

/**
 * Stands between the requests and the server, once it is known who asks for what. It may answer itself, wait before or
 * after `next()`, and change the answer: `{ ...answer, body: cut(answer.body) }`. WebSockets do not pass through it.
 */
export interface Interceptor {
  intercept(request: InterceptedRequest, next: () => Promise<Answer>): Promise<Answer>;
}
