import type { Dispatcher } from 'undici';
import { KubegraphError } from '../../errors/kubegraph-error.ts';
import type { Clock } from '../clock.ts';
import type { Credential, CredentialSource } from '../credentials/credential.ts';
import type { ClusterTarget, Impersonation } from '../kubeconfig/target.ts';
import { DEADLINES } from '../timeouts.ts';
import type { UpstreamAnswer, UpstreamRequest } from '../upstream.ts';
import type { Agents, Progress } from './agents.ts';
import { upstreamAnswer } from './answer.ts';
import { CallScope } from './call-scope.ts';
import type { Connections } from './connections.ts';
import { NotHttp2Error } from './connector.ts';
import { classify, failedCall } from './failures.ts';
import { fitsHttp2, requestHeaders } from './headers.ts';
import { requestTarget } from './path.ts';
import { isRead } from './read-only.ts';
import { type Attempt, waitBeforeRetry } from './retry.ts';

/** Everything that depends on whose call it is. */
export interface Caller {
  readonly target: ClusterTarget;
  readonly clock: Clock;
  readonly credentials: CredentialSource;
  readonly impersonation: Impersonation | undefined;
  readonly connections: Connections;
}

type Response = Dispatcher.ResponseData<Progress>;

/** Answers that are not passed on are read up to here, so that their connection can be used again. */
const MAX_DISCARDED_BYTES = 16 * 1024;
const MAX_DISCARD_MS = 1_000;

/** Sends a request, again where that is safe and helps, and resolves with the answer's head and its body to be read. */
export async function sendCall(request: UpstreamRequest, caller: Caller): Promise<UpstreamAnswer> {
  const path = requestTarget(caller.target.server.pathPrefix, request.path, request.query, request.queryText);
  const scope = new CallScope(request.signal, request.deadlineMs ?? DEADLINES.unaryMs);
  try {
    return await new Call(request, caller, path, scope).send();
  } catch (error) {
    scope.end();
    throw error;
  }
}

class Call {
  readonly #request: UpstreamRequest;
  readonly #caller: Caller;
  readonly #path: string;
  readonly #scope: CallScope;
  readonly #isRead: boolean;
  #attempts = 0;
  #hasRenewed = false;

  constructor(request: UpstreamRequest, caller: Caller, path: string, scope: CallScope) {
    this.#request = request;
    this.#caller = caller;
    this.#path = path;
    this.#scope = scope;
    this.#isRead = isRead(request.method, request.path);
  }

  async send(): Promise<UpstreamAnswer> {
    for (;;) {
      const credential = await currentCredential(this.#caller, this.#scope);
      const response = await this.#attempt(credential);
      if (response === undefined) continue;
      if (response.statusCode === 401 && (await this.#hasBetterCredential(credential))) {
        discard(response);
        continue;
      }
      const wait = this.#waitAfter(response);
      if (wait === undefined) return this.#answer(response);
      discard(response);
      await this.#sleep(wait);
    }
  }

  /** The response; undefined after a failure that another attempt may mend, once its wait is over. */
  async #attempt(credential: Credential): Promise<Response | undefined> {
    this.#attempts += 1;
    const progress: Progress = { isSent: false };
    try {
      const agents = await this.#scope.race(this.#caller.connections.agents(credential.certificate));
      return await this.#scope.race(this.#exchange(agents, credential, progress));
    } catch (error) {
      const cause = this.#scope.reason ?? error;
      const wait = this.#waitBeforeRetry({
        kind: 'failure',
        failure: classify(cause).kind,
        isSent: progress.isSent,
      });
      if (wait === undefined) throw failedCall(cause, { isRead: this.#isRead, isSent: progress.isSent });
      await this.#sleep(wait);
      return undefined;
    }
  }

  async #exchange(agents: Agents, credential: Credential, progress: Progress): Promise<Response> {
    const options = this.#options(credential, progress);
    // Readers who take their time must not keep others waiting for a connection.
    if (this.#request.mode === 'download') return agents.http1Stream.request(options);
    // Only of a write does it matter how far it got.
    if (this.#request.mode !== 'stream') return (this.#isRead ? agents.reads : agents.unary).request(options);
    // undici keeps anything but a GET waiting until the other streams of its connection have ended.
    const isFit = this.#request.method === 'GET' && fitsHttp2(this.#caller.impersonation);
    const http2 = isFit ? agents.http2Stream() : undefined;
    try {
      if (http2 !== undefined) return await http2.request(options);
    } catch (error) {
      if (!(error instanceof NotHttp2Error)) throw error;
      agents.forgetHttp2();
      if (this.#scope.reason !== undefined) throw this.#scope.reason;
    }
    return agents.http1Stream.request(options);
  }

  #options(credential: Credential, progress: Progress): Dispatcher.RequestOptions<Progress> {
    const { method, body, compress } = this.#request;
    const { target, impersonation } = this.#caller;
    const acceptGzip = compress === true && !target.disableCompression;
    return {
      origin: target.server.origin,
      path: this.#path,
      method,
      headers: requestHeaders(this.#request, credential, impersonation, acceptGzip),
      body: body?.content ?? null,
      signal: this.#scope.signal,
      opaque: progress,
    };
  }

  /** A new credential after a 401 is tried once, by reads only: the next write uses it anyway. */
  async #hasBetterCredential(refused: Credential): Promise<boolean> {
    if (this.#hasRenewed) return false;
    this.#hasRenewed = true;
    const renewal = this.#caller.credentials.renew(refused);
    return this.#isRead ? this.#scope.race(renewal) : false;
  }

  #waitAfter({ statusCode, headers }: Response): number | undefined {
    const retryAfter = headers['retry-after'];
    return this.#waitBeforeRetry({
      kind: 'answer',
      status: statusCode,
      retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
    });
  }

  #waitBeforeRetry(attempt: Attempt): number | undefined {
    return waitBeforeRetry(attempt, {
      isRead: this.#isRead,
      isEviction: this.#request.path.endsWith('/eviction'),
      attempts: this.#attempts,
      remainingMs: this.#scope.remainingMs,
      random: this.#caller.clock.random(),
    });
  }

  async #sleep(ms: number): Promise<void> {
    await this.#scope.racing((signal) => this.#caller.clock.sleep(ms, signal));
  }

  #answer(response: Response): UpstreamAnswer {
    const { mode } = this.#request;
    // Of a refusal there is no more to come: one that does not end would keep its reader for ever.
    const isContent = response.statusCode < 300;
    if (isContent && mode !== undefined && mode !== 'unary') this.#scope.liftDeadline();
    return upstreamAnswer(response, this.#scope, isContent ? mode : 'unary');
  }
}

/** What to send with. Throws CREDENTIALS_UNAVAILABLE, and the scope's reason once there is one. */
export async function currentCredential(
  { credentials, clock }: Caller,
  scope: CallScope,
): Promise<Credential> {
  const credential = await scope.race(credentials.current());
  const expiresAt = credential.certificate?.expiresAt ?? Number.POSITIVE_INFINITY;
  if (clock.now() <= expiresAt) return credential;
  // The API server would only say Unauthorized.
  const day = new Date(expiresAt).toISOString();
  throw new KubegraphError('CREDENTIALS_UNAVAILABLE', `the client certificate expired at ${day}; renew it`);
}

function discard({ body }: Response): void {
  const nothing = (): void => undefined;
  body.on('error', nothing);
  body.dump({ limit: MAX_DISCARDED_BYTES, signal: AbortSignal.timeout(MAX_DISCARD_MS) }).catch(nothing);
}
