import type { SubscriptionAnswer } from '../../../src/execution/subscription-answer.ts';
import { PayloadIterator } from '../../../src/server/payload-iterator.ts';
import { type TestAnswer, textAnswer } from '../../unit/support/test-engine.ts';

/** A subscription's answers as a client reads them, who always has room for the next one. */
export async function* readAnswers(answer: SubscriptionAnswer): AsyncGenerator<TestAnswer, void> {
  const payloads = new PayloadIterator({ answer, room: () => undefined, onEnd: () => undefined });
  for await (const { json } of payloads) yield textAnswer(json.toString('utf8'));
}
