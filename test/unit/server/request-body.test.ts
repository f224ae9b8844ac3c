import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { limitBody } from '../../../src/server/request-body.ts';
import { listening } from './support/listening.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
});

/** A client that has sent the head of a request and some of its body, and what has come of it at the server. */
async function slowSender(): Promise<{
  readonly client: Socket;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}> {
  const server = createServer();
  const client = connect(await listening(server), '127.0.0.1');
  onTestFinished(() => void client.destroy());
  client.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n01234');
  const [request, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  return { client, request, response };
}

async function allSaid(client: Socket): Promise<string> {
  return Buffer.concat(await client.toArray()).toString('latin1');
}

it('cuts off a body that does not come to its end', async () => {
  const { client, request } = await slowSender();
  limitBody(request);
  vi.advanceTimersByTime(30_000);
  expect(await allSaid(client)).toMatch(/^HTTP\/1\.1 408 /);
});

it('leaves a body alone that has come in time', async () => {
  const { client, request, response } = await slowSender();
  limitBody(request);
  vi.advanceTimersByTime(29_000);
  client.write('56789');
  request.resume();
  await once(request, 'end');
  vi.advanceTimersByTime(60_000);
  response.shouldKeepAlive = false;
  response.end('ok');
  expect(await allSaid(client)).toMatch(/^HTTP\/1\.1 200 [^]*ok/);
});

it('leaves a body alone that may take as long as it likes', async () => {
  const { client, request, response } = await slowSender();
  limitBody(request)();
  vi.advanceTimersByTime(600_000);
  client.write('56789');
  request.resume();
  await once(request, 'end');
  response.shouldKeepAlive = false;
  response.end('ok');
  expect(await allSaid(client)).toMatch(/^HTTP\/1\.1 200 [^]*ok/);
});
