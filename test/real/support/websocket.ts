import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { eventStream, type EventStream } from './event-stream.ts';
import { type GraphQLAnswer, readAnswer } from './graphql-client.ts';

/** Subscribes with the standard client over a WebSocket of its own. */
export function subscribeOverWebSocket(
  url: string,
  document: string,
  connectionParams?: Readonly<Record<string, string>>,
): EventStream {
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(connectionParams === undefined ? {} : { connectionParams }),
  });
  const results = client.iterate({ query: document });
  return eventStream(asAnswers(results), async () => {
    await client.dispose();
  });
}

async function* asAnswers(results: AsyncIterable<object>): AsyncGenerator<GraphQLAnswer, void, void> {
  for await (const result of results) yield readAnswer(200, JSON.stringify(result));
}
