import type { Upstream, UpstreamAnswer, UpstreamRequest } from '../../../src/cluster/upstream.ts';
import type { KubegraphError } from '../../../src/errors/kubegraph-error.ts';

const MAX_LINES = 60;

/** What became of the gateway's latest calls, to be printed when a test fails: whose turn it is, the API server's or ours. */
export class Journal {
  readonly #lines: string[] = [];
  readonly #startedAt = performance.now();
  #calls = 0;

  /** The same, with its calls written down here. */
  of(upstream: Upstream): Upstream {
    return { send: (request) => this.#send(upstream, request), close: () => upstream.close() };
  }

  get text(): string {
    return this.#lines.join('\n');
  }

  async #send(upstream: Upstream, request: UpstreamRequest): Promise<UpstreamAnswer> {
    const note = this.#notes(request);
    note('begins');
    request.signal?.addEventListener('abort', () => note('is ended by the gateway'), { once: true });
    try {
      const answer = await upstream.send(request);
      note(`is answered ${answer.status}`);
      return answer;
    } catch (error) {
      // An upstream rejects with nothing else.
      const { code, message } = error as KubegraphError;
      note(`fails with ${code}: ${message}`);
      throw error;
    }
  }

  #notes({ path, query = {} }: UpstreamRequest): (what: string) => void {
    const verb = query['watch'] === '1' ? `watch from ${query['resourceVersion'] ?? 'a list'} on` : 'get';
    const call = `call ${++this.#calls}, ${verb} ${path},`;
    return (what) => {
      const atMs = Math.round(performance.now() - this.#startedAt);
      this.#lines.push(`${atMs} ms: ${call} ${what}`);
      if (this.#lines.length > MAX_LINES) this.#lines.shift();
    };
  }
}
