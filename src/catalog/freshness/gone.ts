import type { Identity } from '../../cluster/identity.ts';
import type { Upstream, UpstreamAnswer, UpstreamRequest } from '../../cluster/upstream.ts';

/**
 * An upstream that says so when the API server serves nothing at a resource's path: what the catalogue has there may be
 * gone. It answers a missing object with a Status, and a missing resource of a definition with plain text.
 */
export function noticingGone(upstream: Upstream, onGone: (identity: Identity) => void): Upstream {
  return {
    send: async (request) => {
      const answer = await upstream.send(request);
      if (isGone(request, answer)) onGone(request.identity);
      return answer;
    },
    close: () => upstream.close(),
  };
}

function isGone({ path }: UpstreamRequest, { status, contentType }: UpstreamAnswer): boolean {
  return status === 404 && path.startsWith('/apis/') && contentType.startsWith('text/plain');
}
