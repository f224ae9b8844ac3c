import { type Answer, Follower } from './follower.ts';

/** Follows with nothing but what a browser has. It comes back by itself, and says behind which event in `Last-Event-ID`. */
export function followByEventSource(query: string, variables: object): Follower {
  const follower = new Follower();
  const source = new EventSource(
    `/graphql?${new URLSearchParams({ query, variables: JSON.stringify(variables) }).toString()}`,
  );
  source.addEventListener('open', () => follower.begin());
  source.addEventListener('next', (event) => {
    follower.read(JSON.parse((event as MessageEvent<string>).data) as Answer);
  });
  source.addEventListener('complete', () => {
    if (follower.goodbye !== undefined) return;
    // The browser would come back to what has ended for good.
    source.close();
    follower.fail('complete');
  });
  source.addEventListener('error', () => {
    if (source.readyState === source.CLOSED) follower.fail('the browser has given up');
  });
  return follower;
}
