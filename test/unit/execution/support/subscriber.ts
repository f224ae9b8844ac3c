import { onTestFinished } from 'vitest';
import { type Identity, KUBECONFIG_IDENTITY } from '../../../../src/cluster/identity.ts';
import type { Payload, SubscriptionAnswer } from '../../../../src/execution/subscription-answer.ts';
import { type TestAnswer, type TestEngine, textAnswer } from '../../support/test-engine.ts';

/** Reads a subscription as a client does. */
export class Subscriber {
  readonly #answer: SubscriptionAnswer;
  readonly #client: AbortController;

  constructor(answer: SubscriptionAnswer, client: AbortController) {
    this.#answer = answer;
    this.#client = client;
  }

  get answer(): SubscriptionAnswer {
    return this.#answer;
  }

  /** The next payload, once there is one; undefined at the end. */
  payload(): Promise<Payload | undefined> {
    return new Promise((resolve) => {
      const look = (): void => {
        const payload = this.#answer.take();
        if (payload === undefined && !this.#answer.isEnded) return;
        this.#answer.onReady = () => {};
        resolve(payload);
      };
      this.#answer.onReady = look;
      look();
    });
  }

  /** The next payload as a client reads it; undefined at the end. */
  async next(): Promise<TestAnswer | undefined> {
    const payload = await this.payload();
    return payload === undefined ? undefined : textAnswer(payload.json.toString());
  }

  /** The next values of the field, so many of them. */
  async values(field: string, count: number): Promise<readonly unknown[]> {
    const values: unknown[] = [];
    while (values.length < count) values.push((await this.next())?.data?.[field]);
    return values;
  }

  /** The payloads that can be taken at once. */
  taken(): readonly Payload[] {
    const payloads: Payload[] = [];
    for (let next = this.#answer.take(); next !== undefined; next = this.#answer.take()) payloads.push(next);
    return payloads;
  }

  leave(): void {
    this.#client.abort();
  }
}

interface SubscribeOptions {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly resumeFrom?: string;
  /** Default: the kubeconfig's. */
  readonly identity?: Identity;
}

/** Begins a subscription, which ends with the test. */
export async function subscribe(
  { engine }: Pick<TestEngine, 'engine'>,
  query: string,
  { variables = {}, resumeFrom, identity = KUBECONFIG_IDENTITY }: SubscribeOptions = {},
): Promise<Subscriber> {
  const client = new AbortController();
  onTestFinished(() => client.abort());
  const answer = await engine.execute({
    query,
    variables,
    identity,
    signal: client.signal,
    resumeFrom,
  });
  if (!('take' in answer)) throw new Error(answer.stringify(answer).toString());
  return new Subscriber(answer, client);
}
