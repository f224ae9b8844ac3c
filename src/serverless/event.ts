import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Code } from '../errors/codes.ts';

/** The largest answer that Lambda passes on, in bytes of its JSON. Beyond it callers would see a bare 500. */
const MAX_ANSWER_BYTES = 6_291_556;

/** What an answer's status, headers and quotes need beside its body, generously. */
const ENVELOPE_BYTES = 16 * 1024;

/** A request as `fetch` takes it. */
export interface FunctionRequest {
  readonly method: string;
  readonly path: string;
  /** Path and query. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

/**
 * The request in an event of payload format 2.0, which HTTP APIs and function URLs send.
 *
 * Where IAM guards the door, `Authorization` holds a signature. The token for Kubernetes then comes in
 * `X-Kubernetes-Authorization`, and takes its place here.
 */
export function requestOf(event: APIGatewayProxyEventV2): FunctionRequest {
  const headers = headersOf(event);
  const { 'x-kubernetes-authorization': authorization, ...others } = headers;
  return {
    method: event.requestContext.http.method,
    path: event.rawPath,
    target: event.rawQueryString === '' ? event.rawPath : `${event.rawPath}?${event.rawQueryString}`,
    headers: authorization === undefined ? headers : { ...others, authorization },
    body:
      event.body === undefined
        ? undefined
        : Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/** Headers that came several times are joined by commas already; cookies come by themselves. */
function headersOf({ headers, cookies }: APIGatewayProxyEventV2): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) result[name.toLowerCase()] = value;
  }
  return cookies === undefined ? result : { ...result, cookie: cookies.join('; ') };
}

/** The answer in payload format 2.0. One that Lambda would not pass on becomes RESULT_TOO_LARGE. */
export async function answerOf(response: Response): Promise<APIGatewayProxyStructuredResultV2> {
  // Everything the gateway says is UTF-8 text, so nothing needs base64.
  const body = await response.text();
  if (!fits(body)) {
    return refusalAnswer(
      413,
      'RESULT_TOO_LARGE',
      'the answer is larger than the 6 MB that a function can send: select less, or page with `first`',
    );
  }
  const headers = [...response.headers].map(([name, value]) => [name.toLowerCase(), value] as const);
  return textAnswer(response.status, body, Object.fromEntries(headers));
}

/** Whether a body still fits once Lambda has made a JSON string of it, with a backslash before every quote. */
function fits(body: string): boolean {
  const limit = MAX_ANSWER_BYTES - ENVELOPE_BYTES;
  const bytes = Buffer.byteLength(body);
  if (bytes > limit) return false;
  return bytes * 2 <= limit || Buffer.byteLength(JSON.stringify(body)) <= limit;
}

/** An answer to a request that never became GraphQL, in the form of GraphQL errors. */
export function refusalAnswer(
  status: number,
  code: Code,
  message: string,
): APIGatewayProxyStructuredResultV2 {
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
  return textAnswer(status, body, { 'content-type': 'application/json; charset=utf-8' });
}

export function textAnswer(
  statusCode: number,
  body: string,
  headers: Readonly<Record<string, string>> = { 'content-type': 'text/plain; charset=utf-8' },
): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers: { ...headers }, body, isBase64Encoded: false };
}
