import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { Deliveries } from '../../../../src/server/deliveries.ts';
import { answerPlainly } from '../../../../src/server/plain-requests.ts';
import { EventStreams } from '../../../../src/server/sse/event-streams.ts';
import { type EventReader } from './event-reader.ts';
import { FakeAnswer } from './fake-answer.ts';
import { listening } from './listening.ts';

/** One subscription, seen from the server. */
export interface Served {
  readonly answer: FakeAnswer;
  readonly socket: Socket;
  readonly headers: IncomingHttpHeaders;
}

export interface StreamServer {
  readonly port: number;
  readonly url: string;
  readonly deliveries: Deliveries;
  /** The next request that is answered with a subscription, in the order in which they come. */
  readonly next: () => Promise<Served>;
  /** Those that `next` has not answered yet. */
  readonly served: readonly Served[];
  /** The answer to the next request that is none for a subscription, for the test to give. */
  readonly slow: () => Promise<ServerResponse>;
}

/** A server that answers GraphQL requests each with a subscription of its own. */
export async function streamServer(): Promise<StreamServer> {
  const deliveries = new Deliveries();
  const eventStreams = new EventStreams(deliveries);
  const served = new Arrivals<Served>();
  const slow = new Arrivals<ServerResponse>();
  const server = createServer((request, response) => {
    const execute = (): Promise<FakeAnswer> => {
      const answer = new FakeAnswer();
      served.add({ answer, socket: request.socket, headers: request.headers });
      return Promise.resolve(answer);
    };
    const otherwise = (): Promise<void> => Promise.resolve(slow.add(response));
    void answerPlainly(request, response, { execute, eventStreams, otherwise });
  });
  const port = await listening(server);
  return {
    port,
    url: `http://127.0.0.1:${port}${PATH}`,
    deliveries,
    next: () => served.next(),
    served: served.waiting,
    slow: () => slow.next(),
  };
}

/** What comes, for whoever waits for it. */
class Arrivals<T> {
  readonly waiting: T[] = [];
  #arrived: () => void = () => undefined;

  add(item: T): void {
    this.waiting.push(item);
    this.#arrived();
  }

  async next(): Promise<T> {
    while (this.waiting.length === 0) await new Promise<void>((resolve) => (this.#arrived = resolve));
    return this.waiting.shift() as T;
  }
}

/** A request for a subscription. */
export function getRequest(version = '1.1'): string {
  return `GET ${PATH} HTTP/${version}\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`;
}

/** The same as a POST. */
export function postRequest(): string {
  const head = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream';
  return `${head}\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"query":"x"}`;
}

/** What is asked for makes no difference. */
const PATH = '/graphql?query=x';

/** A connection on which nothing is read unless the test does so. */
export async function rawConnection(port: number, text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

/** The text of all that comes until the connection ends. */
export async function textUntilEnd(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  await once(socket, 'end');
  return text;
}

/** The events of a body as they come. */
export async function* eventsOf(
  body: AsyncIterable<Uint8Array>,
  reader: EventReader,
): AsyncGenerator<ReturnType<EventReader['read']>[number], void, void> {
  for await (const chunk of body) yield* reader.read(chunk);
}
