import type { ServerResponse } from 'node:http';
import { type Code, CODES } from '../../errors/codes.ts';
import type { Answer } from '../../execution/answer.ts';
import { headOf, printedAnswer } from '../printed-answer.ts';
import { BEGINNING, ending, nextEvent } from './frames.ts';
import { EVENT_STREAM } from './head.ts';

/**
 * Sends a single answer as an event. What is wrong with a document is told in the stream and not by the status, as the
 * protocol has it: a browser's `EventSource` shows nothing else.
 */
export function sendSingleEvent(method: string | undefined, response: ServerResponse, answer: Answer): void {
  const { status, headers } = headOf(answer, true);
  const event = nextEvent({ json: printedAnswer(answer), cursor: undefined });
  const body = Buffer.concat([Buffer.from(BEGINNING), event, Buffer.from(ending())]);
  response.writeHead(method === 'GET' && mayPass(answer) ? 200 : status, {
    ...headers,
    ...EVENT_STREAM,
    'content-length': body.length,
  });
  response.end(body);
}

/** An `EventSource` comes back after 200 and never after anything else. */
function mayPass({ errors = [] }: Answer): boolean {
  return errors.some(({ extensions: { code } }) => isCode(code) && CODES[code].retryable);
}

function isCode(code: unknown): code is Code {
  return typeof code === 'string' && Object.hasOwn(CODES, code);
}
