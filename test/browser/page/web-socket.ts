import { createClient } from 'graphql-ws';
import { type Answer, Follower } from './follower.ts';

declare const location: { readonly host: string };

/** How soon a lost connection is tried again, in milliseconds: the gateway is back in a moment. */
const RETRY_MS = 100;

/** Follows with graphql-ws' client, which connects again by itself and sends its payload anew, each time with the last cursor. */
export function followByWebSocket(query: string, variables: object): Follower {
  const follower = new Follower();
  const client = createClient({
    url: `ws://${location.host}/graphql`,
    retryAttempts: Number.POSITIVE_INFINITY,
    // A refused connection is an error event in a browser, after which it would give up.
    shouldRetry: () => true,
    retryWait: () => pause(RETRY_MS),
    on: { connected: () => follower.begin() },
  });
  const payload = {
    query,
    variables: {
      ...variables,
      get resumeFrom() {
        return follower.cursor;
      },
    },
  };
  const subscribe = () => {
    client.subscribe(payload, {
      // What the document selects is this.
      next: (answer) => follower.read(answer as unknown as Answer),
      error: (error) => follower.fail(String(error)),
      complete: () => {
        if (follower.goodbye === undefined) return follower.fail('complete');
        void pause(follower.goodbye.retryAfterMs).then(subscribe);
      },
    });
  };
  subscribe();
  return follower;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
