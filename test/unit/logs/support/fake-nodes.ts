import type { Upstream, UpstreamAnswer, UpstreamRequest } from '../../../../src/cluster/upstream.ts';
import { FakeLog } from './fake-log.ts';

const PATH = /^\/api\/v1\/namespaces\/a\/pods\/([^/]+)\/log$/;

/** An API server that has logs, of pods in the namespace `a`, and the objects that it is given. */
export class FakeNodes implements Upstream {
  /** By path. */
  readonly objects = new Map<string, object>();
  /** Paths that nobody may ask for. */
  readonly forbidden = new Set<string>();
  readonly #logs = new Map<string, FakeLog>();

  /** The log of a container, which is there from then on. */
  log(pod: string, container: string): FakeLog {
    const key = `${pod}/${container}`;
    const known = this.#logs.get(key) ?? new FakeLog();
    this.#logs.set(key, known);
    return known;
  }

  async send({ path, query = {}, signal }: UpstreamRequest): Promise<UpstreamAnswer> {
    if (this.forbidden.has(path)) return statusAnswer(403, 'Forbidden', `not for you: ${path}`);
    const object = this.objects.get(path);
    if (object !== undefined) return answer(200, [Buffer.from(JSON.stringify(object))]);
    const pod = PATH.exec(path)?.[1];
    const log = this.#logs.get(`${pod}/${query['container']}`);
    if (log === undefined) return statusAnswer(404, 'NotFound', 'there is no such pod');
    log.asked.push(query);
    const refusal = log.refusals.shift();
    if (refusal !== undefined) throw refusal;
    if (query['previous'] === 'true' && log.previous === undefined)
      return statusAnswer(400, 'BadRequest', 'previous terminated container not found');
    return answer(200, log.read(query, signal ?? new AbortController().signal));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function statusAnswer(code: number, reason: string, message: string): UpstreamAnswer {
  const status = { kind: 'Status', status: 'Failure', reason, message, code };
  return answer(code, [Buffer.from(JSON.stringify(status))]);
}

function answer(status: number, chunks: AsyncIterable<Buffer> | Iterable<Buffer>): UpstreamAnswer {
  const iterate = async function* (): AsyncGenerator<Buffer> {
    yield* chunks;
  };
  return {
    status,
    contentType: 'text/plain',
    etag: undefined,
    retryAfter: undefined,
    warnings: [],
    body: {
      [Symbol.asyncIterator]: iterate,
      pieces: iterate,
      whole: async () => {
        const all: Buffer[] = [];
        for await (const chunk of iterate()) all.push(chunk);
        return Buffer.concat(all);
      },
      destroy: () => undefined,
    },
  };
}
