import type { StubApiServer, StubRequest } from './stub-api-server.ts';
import type { StubReply } from './stub-reply.ts';

export interface ManyPods {
  readonly count: number;
  /** Of a label, in characters. */
  readonly labelLength?: number;
  /** Told of each page that is asked for; what it answers is answered instead. */
  readonly onPage?: (request: StubRequest) => StubReply | undefined | Promise<StubReply | undefined>;
}

/** Lets a stub list pods that nobody has stored, page by page: `pod-0`, `pod-1` and so on. */
export function serveManyPods(stub: StubApiServer, { count, labelLength = 40, onPage }: ManyPods): void {
  const label = 'x'.repeat(labelLength);
  stub.on('GET', '/api/v1/pods', async (request) => {
    const special = await onPage?.(request);
    if (special !== undefined) return special;
    const start = Number(request.query['continue'] ?? 0);
    const end = Math.min(start + Number(request.query['limit'] ?? count), count);
    const items = Array.from({ length: end - start }, (_, index) => ({
      metadata: { name: `pod-${start + index}`, namespace: 'a', labels: { label } },
    }));
    const more = end < count ? { continue: String(end) } : {};
    return {
      body: { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '1', ...more }, items },
    };
  });
}
