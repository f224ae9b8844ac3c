import type { Answer } from '../../demo/http/answer.ts';
import type { InterceptedRequest, Interceptor } from '../../demo/http/interceptor.ts';

/** Counts the watches on config maps that an API server has open, by namespace. */
export class WatchCount implements Interceptor {
  readonly #inner: Interceptor;
  readonly #counts = new Map<string, { open: number; most: number }>();

  /** @param inner what happens to the requests. */
  constructor(inner: Interceptor) {
    this.#inner = inner;
  }

  /** How many are open, and how many were at the same time at most. */
  of(namespace: string): { open: number; most: number } {
    const count = this.#counts.get(namespace) ?? { open: 0, most: 0 };
    this.#counts.set(namespace, count);
    return count;
  }

  async intercept(request: InterceptedRequest, next: () => Promise<Answer>): Promise<Answer> {
    const answer = await this.#inner.intercept(request, next);
    const { info } = request;
    if (info.kind !== 'resource' || info.verb !== 'watch' || info.resource !== 'configmaps') return answer;
    if (Buffer.isBuffer(answer.body)) return answer;
    return { ...answer, body: this.#counted(answer.body, this.of(info.namespace ?? '')) };
  }

  async *#counted(
    body: Exclude<Answer['body'], Buffer>,
    count: { open: number; most: number },
  ): AsyncGenerator<Buffer> {
    count.open++;
    count.most = Math.max(count.most, count.open);
    try {
      yield* body;
    } finally {
      count.open--;
    }
  }
}
