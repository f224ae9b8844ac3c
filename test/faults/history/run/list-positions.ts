import type {
  Upstream,
  UpstreamAnswer,
  UpstreamBody,
  UpstreamRequest,
} from '../../../../src/cluster/upstream.ts';
import { scopeKey, type WatchScope } from '../../../../src/watch/scope.ts';

const INITIAL_EVENTS_END = '"k8s.io/initial-events-end":"true"';
const VERSION = /"resourceVersion":"(\d+)"/;

/** Remembers at which revisions the API server has given complete lists, and of what. */
export class ListPositions {
  readonly #positions = new Map<string, number[]>();

  /** The same, listened to. */
  of(upstream: Upstream): Upstream {
    return {
      send: async (request) => {
        const key = listedBy(request);
        const answer = await upstream.send(request);
        return key === undefined ? answer : this.#listening(answer, key, isWatch(request));
      },
      close: () => upstream.close(),
    };
  }

  at(scope: WatchScope): readonly number[] {
    return this.#positions.get(scopeKey(scope)) ?? [];
  }

  #listening(answer: UpstreamAnswer, key: string, isStream: boolean): UpstreamAnswer {
    const note = (text: string): void => {
      const position = VERSION.exec(text)?.[1];
      if (position === undefined) return;
      const positions = this.#positions.get(key) ?? [];
      positions.push(Number(position));
      this.#positions.set(key, positions);
    };
    const body = isStream
      ? tapped(answer.body, (line) => line.includes(INITIAL_EVENTS_END) && note(line))
      : tapped(answer.body, (line) => line.includes('List"') && note(line));
    return { ...answer, body };
  }
}

function isWatch({ query = {} }: UpstreamRequest): boolean {
  return query['watch'] !== undefined;
}

/** What a request lists; undefined when it lists nothing. */
function listedBy(request: UpstreamRequest): string | undefined {
  const { path, query = {}, method } = request;
  if (method !== 'GET' || (isWatch(request) && query['sendInitialEvents'] !== 'true')) return undefined;
  const { labelSelector = '', fieldSelector = '' } = query;
  return scopeKey({ path, labelSelector, fieldSelector });
}

/** @param tell gets each line that was read, as text; the last one may have no end. */
function tapped(body: UpstreamBody, tell: (line: string) => unknown): UpstreamBody {
  return {
    whole: async (maxBytes) => {
      const bytes = await body.whole(maxBytes);
      tell(bytes.toString('utf8'));
      return bytes;
    },
    destroy: () => body.destroy(),
    pieces: (leastBytes) => overheard(body.pieces(leastBytes), tell),
    [Symbol.asyncIterator]: () => overheard(body, tell),
  };
}

async function* overheard(
  chunks: AsyncIterable<Buffer>,
  tell: (line: string) => unknown,
): AsyncGenerator<Buffer, void> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) tell(line);
    yield chunk;
  }
  if (rest !== '') tell(rest);
}
