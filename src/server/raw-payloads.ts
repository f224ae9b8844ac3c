import { randomUUID } from 'node:crypto';
import type { Answer } from '../execution/answer.ts';
import type { Payload } from '../execution/subscription-answer.ts';
import { printedAnswer } from './printed-answer.ts';

/**
 * graphql-ws prints its messages with JSON.stringify, which would have to take an answer's bytes apart and could lose
 * digits. A stand-in goes through it instead, and the bytes take its place when the message is sent.
 */
export class RawPayloads {
  // A client that guessed a stand-in could only confuse its own connection; it cannot guess one.
  readonly #prefix = randomUUID();
  readonly #held = new Map<string, string>();
  #count = 0;

  hold(answer: Answer | Payload): never {
    const standIn = `${this.#prefix}:${this.#count++}`;
    this.#held.set(standIn, 'json' in answer ? textOf(answer) : printedAnswer(answer).toString('utf8'));
    return { toJSON: () => standIn } as never;
  }

  release(message: string): string {
    const start = message.indexOf(this.#prefix);
    if (start < 0) return message;
    const end = message.indexOf('"', start);
    const standIn = message.slice(start, end);
    const raw = this.#held.get(standIn);
    this.#held.delete(standIn);
    return raw === undefined ? message : message.slice(0, start - 1) + raw + message.slice(end + 1);
  }
}

/** By payload: all who get it are sent the same text. */
const TEXTS = new WeakMap<Payload, string>();

function textOf(payload: Payload): string {
  const known = TEXTS.get(payload);
  if (known !== undefined) return known;
  const text = payload.json.toString('utf8');
  TEXTS.set(payload, text);
  return text;
}
