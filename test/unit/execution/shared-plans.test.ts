import { describe, expect, it } from 'vitest';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import type { SubscriptionAnswer } from '../../../src/execution/subscription-answer.ts';
import { testEngine, type TestEngine } from '../support/test-engine.ts';

const QUERY = 'subscription { pods { type object { metadata { name } } } }';

async function subscribe({ engine }: TestEngine): Promise<SubscriptionAnswer> {
  const answer = await engine.execute({
    query: QUERY,
    identity: KUBECONFIG_IDENTITY,
    signal: new AbortController().signal,
  });
  if (!('take' in answer)) throw new Error('expected a subscription');
  return answer;
}

/** The first payload, once it is there. */
function first(answer: SubscriptionAnswer): Promise<unknown> {
  return new Promise((resolve) => {
    const look = (): void => {
      const payload = answer.take();
      if (payload !== undefined) resolve(payload);
    };
    answer.onReady = look;
    look();
  });
}

describe('subscribers who all come at the same time, as after a restart,', () => {
  it('share what is made of their document, though nobody had asked for it before', async () => {
    const engine = await testEngine();
    const answers = await Promise.all(Array.from({ length: 20 }, () => subscribe(engine)));
    const watch = await engine.stub.watches.next();
    watch.send('ADDED', { metadata: { name: 'a', namespace: 'x', resourceVersion: '4' } });
    watch.synced('5');
    const payloads = await Promise.all(answers.map(first));
    expect(new Set(payloads).size).toBe(1);
    for (const answer of answers) answer.close();
  });
});
