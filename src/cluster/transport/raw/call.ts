import type { Dispatcher } from 'undici';
import type { KubegraphError } from '../../../errors/kubegraph-error.ts';
import type { Credential } from '../../credentials/credential.ts';
import type { RawAnswer, RawRequest, RawUpgrade, Tunnel } from '../../raw.ts';
import { DEADLINES } from '../../timeouts.ts';
import type { Agents, Progress } from '../agents.ts';
import { CallScope } from '../call-scope.ts';
import { classify, failedCall } from '../failures.ts';
import { tunnelIn } from '../path.ts';
import { isRead } from '../read-only.ts';
import { type Caller, currentCredential } from '../send.ts';
import { rawAnswerHeaders, rawRequestHeaders, upgradeHeaders } from './headers.ts';
import { checkUpgrade, rawTarget } from './target.ts';
import { UpgradeHandler } from './upgrade-handler.ts';

const NO_TUNNELS: ReadonlySet<Tunnel> = new Set();

/** Passes a request on, and its answer back while it comes. */
export async function forwardCall(request: RawRequest, caller: Caller): Promise<RawAnswer> {
  const call = callOf(request);
  const { scope } = call;
  try {
    const { agents, credential, options } = await begin(request, caller, call);
    const headers = rawRequestHeaders(request, credential, caller.impersonation);
    const sending = sentOnce(agents, { ...options, headers, body: request.body ?? null }, request);
    // Whoever waits for a connection does not hear that the call has ended.
    const answer = await scope.race(sending);
    call.answered();
    renewAfter(answer.statusCode, caller, credential);
    answer.body.once('close', () => scope.end());
    return { status: answer.statusCode, headers: rawAnswerHeaders(answer.headers), body: answer.body };
  } catch (error) {
    throw failure(error, isRawRead(request), call);
  }
}

/** Passes on a request to go on in another protocol. */
export async function upgradeCall(request: RawRequest, caller: Caller): Promise<RawUpgrade> {
  const call = callOf(request);
  try {
    const { upgrade: protocol = '' } = request.headers;
    const { agents, credential, options } = await begin(request, caller, call);
    checkUpgrade(request.target, protocol);
    const { origin } = caller.target.server;
    const headers = upgradeHeaders(request, origin, credential, caller.impersonation);
    const handler = new UpgradeHandler(call.scope);
    agents.http1Stream.dispatch({ ...options, headers, upgrade: protocol }, handler);
    const upgrade = await call.scope.race(handler.result);
    if (upgrade.kind === 'refused') renewAfter(upgrade.answer.status, caller, credential);
    return upgrade;
  } catch (error) {
    // Nothing has been done before both sides speak the other protocol.
    throw failure(error, true, call);
  }
}

/** Whether a call leaves the cluster as it is. What goes through a tunnel may do anything, whatever its method is. */
export function isRawRead({ method, target }: Pick<RawRequest, 'method' | 'target'>): boolean {
  const [path = ''] = target.split('?', 1);
  if (tunnelIn(path) !== undefined) return false;
  return method === 'HEAD' || method === 'OPTIONS' || isRead(method, path);
}

/** A call that is under way. */
interface Call {
  readonly scope: CallScope;
  readonly progress: Progress;
  /** To be called when the head of the answer is there: the rest may take as long as it likes. */
  readonly answered: () => void;
}

function callOf({ signal, body }: RawRequest): Call {
  const scope = new CallScope(signal, DEADLINES.unaryMs);
  const sent = (): void => scope.restartDeadline();
  if (body !== undefined && !body.readableEnded) body.once('end', sent);
  let isSent = false;
  const progress: Progress = {
    get isSent() {
      return isSent;
    },
    set isSent(value) {
      isSent = value;
      // A large upload takes its time, once somebody takes it.
      if (body !== undefined && !body.readableEnded) scope.liftDeadline();
    },
  };
  const answered = (): void => {
    // A server need not read all of a request before it answers.
    body?.off('end', sent);
    scope.liftDeadline();
  };
  return { scope, progress, answered };
}

function failure(error: unknown, isRead: boolean, { scope, progress: { isSent } }: Call): KubegraphError {
  scope.end();
  return failedCall(scope.reason ?? error, { isRead, isSent });
}

async function begin(
  { method, target, tunnels = NO_TUNNELS }: RawRequest,
  caller: Caller,
  { scope, progress }: Call,
) {
  const { pathPrefix, origin } = caller.target.server;
  const path = rawTarget(pathPrefix, target, tunnels);
  const credential = await currentCredential(caller, scope);
  const agents = await scope.race(caller.connections.agents(credential.certificate));
  return { agents, credential, options: { origin, path, method, signal: scope.signal, opaque: progress } };
}

/** A connection that has been kept may have been closed by the server just now: that is no reason for a read to fail. */
async function sentOnce(
  { http1Stream }: Agents,
  options: Dispatcher.RequestOptions<Progress> & { readonly signal: CallScope['signal'] },
  request: RawRequest,
): Promise<Dispatcher.ResponseData<Progress>> {
  try {
    return await http1Stream.request(options);
  } catch (error) {
    const mayRepeat = request.method === 'GET' && request.body === undefined && isRawRead(request);
    if (!mayRepeat || classify(error).kind !== 'connection' || options.signal.aborted) throw error;
    return http1Stream.request(options);
  }
}

/** The answer says that the credential is not taken any more: whoever comes next should have another one. */
function renewAfter(status: number, { credentials }: Caller, credential: Credential): void {
  if (status === 401) credentials.renew(credential).catch(() => undefined);
}
