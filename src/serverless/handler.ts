import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Gateway } from '../server/gateway.ts';
import { refuseForms } from '../server/guard.ts';
import { GRAPHQL_PATH } from '../server/options.ts';
import { describeError } from '../util/log.ts';
import { answerOf, type FunctionRequest, refusalAnswer, requestOf, textAnswer } from './event.ts';

/** What is left for the answer's way out when the work is stopped, in milliseconds. */
const DEADLINE_MARGIN_MS = 1_000;

export type FunctionHandler = (
  event: APIGatewayProxyEventV2,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** Answers GraphQL and `/livez` over events of payload format 2.0. Rejects only for events of another kind. */
export function createHandler(gateway: Gateway): FunctionHandler {
  return async (event, context) => {
    // A REST API or a load balancer may be wired to the function by mistake: their events have another shape.
    if (event.version !== '2.0') throw new Error('the function takes events of payload format 2.0 only');
    const request = requestOf(event);
    if (request.path === '/livez') return textAnswer(200, 'ok\n');
    const refusal = refuseForms(request);
    if (refusal !== undefined) return refusalAnswer(refusal.status, 'BAD_REQUEST', refusal.message);
    if (request.path !== GRAPHQL_PATH) return textAnswer(404, `not here: GraphQL is at ${GRAPHQL_PATH}\n`);
    if (gateway.options.mode === 'kubeconfig' && !isAuthorized(event)) {
      return refusalAnswer(
        403,
        'FORBIDDEN',
        "the function lends its kubeconfig's rights only behind an authorizer",
      );
    }
    return answerInTime(gateway, request, context.getRemainingTimeInMillis() - DEADLINE_MARGIN_MS);
  };
}

/** Whether an authorizer (IAM, JWT or a function) let the request in. An open URL has none. */
function isAuthorized({ requestContext }: APIGatewayProxyEventV2): boolean {
  return 'authorizer' in requestContext && requestContext.authorizer !== undefined;
}

async function answerInTime(
  gateway: Gateway,
  { method, target, headers, body }: FunctionRequest,
  deadlineMs: number,
): Promise<APIGatewayProxyStructuredResultV2> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), Math.max(0, deadlineMs));
  try {
    const { signal } = deadline;
    const init = { method, headers, signal, ...(body === undefined ? {} : { body: new Uint8Array(body) }) };
    const yoga = await gateway.yoga();
    // The host is a stand-in: nothing looks at it.
    return await answerOf(await yoga.fetch(new URL(target, 'https://function'), init));
  } catch (error) {
    if (deadline.signal.aborted) return refusalAnswer(504, 'TIMEOUT', OUT_OF_TIME);
    gateway.options.log.error('a request failed inside the gateway', describeError(error));
    return refusalAnswer(500, 'INTERNAL_ERROR', 'internal error');
  } finally {
    clearTimeout(timer);
  }
}

const OUT_OF_TIME =
  'the function has no time left; if this was a write it may or may not have happened: read the object before trying again';
