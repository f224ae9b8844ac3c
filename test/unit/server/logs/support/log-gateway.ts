import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuthMode } from '../../../../../src/server/options.ts';
import { targetFor } from '../../../cluster/support/kubeconfig.ts';
import { testUpstream } from '../../../cluster/support/upstream.ts';
import { loggedPod } from '../../../logs/support/logged-pod.ts';
import { statusReply } from '../../../support/stub-reply.ts';
import { testGateway } from '../../../support/test-gateway.ts';
import { recordingApiServer } from '../../proxy/support/recording-api-server.ts';

export const POD = '/api/v1/namespaces/a/pods/x';

export interface LogGateway {
  /** Of the log of `x`, all containers. */
  readonly url: string;
  readonly port: number;
  /** What has reached the API server, in order: `GET /api?limit=1`. */
  readonly calls: () => readonly string[];
  /** The last call's `Authorization`. */
  readonly authorization: () => string | undefined;
  /** Defects. */
  readonly log: readonly object[];
  readonly close: () => Promise<void>;
}

type Answer = (response: ServerResponse, request: IncomingMessage) => unknown;

export interface LogGatewayOptions {
  readonly mode?: AuthMode;
  /** What the API server answers where the log is asked for. Default: an empty one. */
  readonly log?: string | Buffer | Answer;
  /** The pod `x`, or how it is refused. Default: a pod of one container `main`. */
  readonly pod?: object | Answer;
}

/** A gateway before an API server that has one pod with a log, and writes down what reaches it. Both close with the test. */
export async function logGateway(options: LogGatewayOptions = {}): Promise<LogGateway> {
  const {
    mode = 'kubeconfig',
    log = '',
    pod = loggedPod('x', { containers: { main: 'running' } }),
  } = options;
  const api = await recordingApiServer();
  api.answer = (request, response) => {
    const isLog = request.url?.split('?')[0] === `${POD}/log`;
    const answer = isLog ? log : pod;
    if (typeof answer === 'function') (answer as Answer)(response, request);
    else if (isLog) response.setHeader('content-type', 'text/plain').end(answer);
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  };
  const target = targetFor(api.origin, { user: { token: 'the-kubeconfig-token' } });
  const gateway = await testGateway(mode, { upstream: testUpstream({ target, mode }) });
  return {
    url: `${gateway.listener.url}/logs/a/x`,
    port: gateway.port,
    calls: () => api.recorded.map(({ line }) => line),
    authorization: () => api.recorded.at(-1)?.headers.authorization,
    log: gateway.log,
    close: () => gateway.listener.close(),
  };
}

/** How the API server refuses. */
export function refusal(code: number, reason: string, message: string): Answer {
  const { body } = statusReply(code, reason, message);
  return (response) =>
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
