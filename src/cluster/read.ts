import { errorFromAnswer } from '../errors/from-answer.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import { tryParseJson } from '../util/json.ts';
import type { Upstream, UpstreamAnswer, UpstreamBody, UpstreamRequest } from './upstream.ts';

/** Answers that are read into memory as a whole may have this many bytes. Lists are read in pages, and as a stream. */
const MAX_WHOLE_BODY_BYTES = 64 * 1024 * 1024;

/** Sends a request and turns every status outside 2xx into the error that its body describes. */
export async function sendOk(upstream: Upstream, request: UpstreamRequest): Promise<UpstreamAnswer> {
  const answer = await upstream.send(request);
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw await errorOf(answer);
}

/** The error that an answer outside 2xx describes. Reads its body. */
export async function errorOf(answer: UpstreamAnswer): Promise<KubegraphError> {
  const body = await readWhole(answer.body).catch(() => Buffer.alloc(0));
  return errorFromAnswer(answer.status, body.toString('utf8'), answer.retryAfter);
}

/** The whole body. Rejects with RESULT_TOO_LARGE beyond `maxBytes`, and beyond 64 MiB in any case. */
export function readWhole(body: UpstreamBody, maxBytes = MAX_WHOLE_BODY_BYTES): Promise<Buffer> {
  return body.whole(Math.min(maxBytes, MAX_WHOLE_BODY_BYTES));
}

/** The whole body, parsed. Rejects with UPSTREAM_ERROR for what is not JSON, such as the login page of a proxy. */
export async function readJson(body: UpstreamBody): Promise<unknown> {
  return parseBody(await readWhole(body));
}

/** What `readJson` answers for a body of these bytes. */
export function parseBody(bytes: Buffer): unknown {
  const value = tryParseJson(bytes.toString('utf8'));
  if (value !== undefined) return value;
  throw new KubegraphError('UPSTREAM_ERROR', 'what answered is no API server: its answer is not JSON');
}
