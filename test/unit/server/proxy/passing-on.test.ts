import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { rawRequest } from '../../support/raw-request.ts';
import { rawConnection } from '../support/stream-server.ts';
import { ALL_TUNNELS, recordedProxy } from './support/recorded-proxy.ts';

const UPGRADE = 'Host: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n';
const EXEC = '/api/v1/namespaces/shop/pods/web/exec?command=id';

describe('a request', () => {
  it('has its body sent on while it comes, and its answer come back while it is made', async () => {
    const { api, url } = await recordedProxy();
    api.answer = (request, response) => void request.pipe(response);
    const sent = httpRequest(`${url}/api/v1/echo`, { method: 'POST' });
    sent.write('first');
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const pieces = answer.iterator() as AsyncIterableIterator<Buffer>;
    expect(String((await pieces.next()).value)).toBe('first');
    sent.end('last');
    expect(String((await pieces.next()).value)).toBe('last');
    expect((await pieces.next()).done).toBe(true);
  });

  it('says what it takes, and gets its bytes as they came', async () => {
    const { api, url } = await recordedProxy();
    const bytes = gzipSync('k8s');
    api.answer = (_, response) =>
      response
        .writeHead(200, {
          'content-type': 'application/vnd.kubernetes.protobuf',
          'content-encoding': 'gzip',
          warning: '299 - "old"',
          'set-cookie': 'a=b',
        })
        .end(bytes);
    const headers = { accept: 'application/vnd.kubernetes.protobuf', 'accept-encoding': 'gzip' };
    const answer = await rawRequest(`${url}/api`, { headers });
    expect(api.recorded[0]?.headers).toMatchObject(headers);
    expect(answer.body).toEqual(bytes);
    expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', warning: '299 - "old"' });
    expect(answer.headers).not.toHaveProperty('set-cookie');
  });

  it('gets the head of an answer that has nothing to say yet', async () => {
    const { api, url } = await recordedProxy();
    api.answer = (_, response) => response.writeHead(200).flushHeaders();
    const sent = httpRequest(`${url}/api/v1/pods?watch=1`).end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(200);
    answer.on('error', () => undefined);
    sent.destroy();
  });

  it('may be quiet for longer than a listener lets connections be', async () => {
    const { api, url, timeOut } = await recordedProxy();
    let say: (text: string) => void = () => undefined;
    api.answer = (_, response) => {
      say = (text) => void response.write(text);
      response.flushHeaders();
    };
    const sent = httpRequest(`${url}/api/v1/pods?watch=1`).end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    timeOut();
    say('{"type":"ADDED"}\n');
    expect(String((await once(answer, 'data'))[0])).toBe('{"type":"ADDED"}\n');
    answer.on('error', () => undefined);
    sent.destroy();
  });

  it('whose client leaves is given up upstream', async () => {
    const { api, url, log } = await recordedProxy();
    const left = new Promise<void>((resolve) => {
      api.answer = (_, response) => {
        response.once('close', () => resolve());
        response.write('{"type":"ADDED"}\n');
      };
    });
    const sent = httpRequest(`${url}/api/v1/pods?watch=1`).end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answer.on('error', () => undefined);
    sent.destroy();
    await left;
    expect(log).toEqual([]);
  });

  it('whose client leaves before there is an answer is given up, too', async () => {
    const { api, url, log } = await recordedProxy();
    const sent = httpRequest(`${url}/api/v1/pods`).end();
    sent.on('error', () => undefined);
    await new Promise<void>((resolve) => {
      api.answer = (_, response) => {
        response.once('close', () => resolve());
        sent.destroy();
      };
    });
    expect(log).toEqual([]);
  });

  it('whose answer is cut off is cut off, and not ended', async () => {
    const { api, url } = await recordedProxy();
    api.answer = (_, response) => {
      response.write('{"items":[', () => response.destroy());
    };
    await expect(rawRequest(`${url}/api/v1/pods`)).rejects.toThrow('aborted');
  });

  it('whose answer is cut off is reset, to HTTP/1.0, where the end of the connection would be its end', async () => {
    const { api, port } = await recordedProxy();
    let cut: () => void = () => undefined;
    api.answer = (_, response) => {
      cut = () => void response.destroy();
      response.write('{"items":[');
    };
    const socket = await rawConnection(port, 'GET /api/v1/pods HTTP/1.0\r\nHost: localhost\r\n\r\n');
    const broken = once(socket, 'error');
    await once(socket, 'data');
    cut();
    expect((await broken)[0]).toMatchObject({ code: 'ECONNRESET' });
  });

  it.each([
    ['a refusal of the API server as it is', 409, '{"kind":"Status","reason":"Conflict"}'],
    ['what is no Status, too', 404, '404 page not found\n'],
  ])('gets %s', async (_, status, text) => {
    const { api, url } = await recordedProxy();
    api.answer = (_, response) => response.writeHead(status).end(text);
    const answer = await rawRequest(`${url}/api`);
    expect([answer.status, answer.body.toString()]).toEqual([status, text]);
  });

  it('that cannot be sent is answered with a Status', async () => {
    const { api, url, log } = await recordedProxy();
    api.answer = (request) => request.socket.destroy();
    const answer = await rawRequest(`${url}/api`);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(JSON.parse(answer.body.toString())).toMatchObject({
      kind: 'Status',
      status: 'Failure',
      code: answer.status,
    });
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(log).toEqual([]);
  });
});

describe('a request for another protocol', () => {
  it('becomes one connection with the API server, in both directions', async () => {
    const { api, send } = await recordedProxy();
    const answer = await send(`GET /api/v1/pods?watch=1 HTTP/1.1\r\n${UPGRADE}\r\nechoed`, (text) =>
      text.endsWith('echoed'),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
    expect(answer).toMatch(/\r\nconnection: Upgrade\r\nupgrade: websocket\r\n/i);
    // A watch over WebSocket has to have an origin, and the client's is none of the API server's business.
    expect(api.recorded[0]?.headers.origin).toBe(api.origin);
  });

  it('ends upstream when the client ends it', async () => {
    const { api, send } = await recordedProxy();
    const ended = new Promise<void>((resolve) => {
      api.upgrade = (_, socket: Duplex) => {
        socket.once('close', () => resolve());
        socket
          .resume()
          .write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
      };
    });
    await send(`GET /api/v1/pods?watch=1 HTTP/1.1\r\n${UPGRADE}\r\n`, (text) => text.includes(' 101 '));
    await ended;
  });

  it('ends for the client when the API server ends it, after what it has said', async () => {
    const { api, send } = await recordedProxy();
    api.upgrade = (_, socket) =>
      void socket.end(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nbye',
      );
    expect(await send(`GET /api/v1/pods?watch=1 HTTP/1.1\r\n${UPGRADE}\r\n`)).toMatch(/\r\n\r\nbye$/);
  });

  it("gets the API server's refusal with its body", async () => {
    const { api, send } = await recordedProxy();
    api.upgrade = (_, socket) =>
      void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nContent-Type: a/b\r\n\r\nno');
    expect(await send(`GET /api/v1/pods?watch=1 HTTP/1.1\r\n${UPGRADE}\r\n`)).toMatch(
      /^HTTP\/1\.1 403 [^]*content-type: a\/b[^]*\r\n\r\nno$/i,
    );
  });

  it('into a pod passes where the operator has said what is rejected', async () => {
    const { api, send } = await recordedProxy({ filter: { rejectPaths: '^$' }, tunnels: ALL_TUNNELS });
    const answer = await send(`GET ${EXEC} HTTP/1.1\r\n${UPGRADE}\r\nid`, (text) => text.endsWith('id'));
    expect(answer).toMatch(/ 101 /);
    expect(api.recorded.map(({ line }) => line)).toEqual([`GET ${EXEC}`]);
  });
});

describe('when the proxy ends', () => {
  it('so do watches and upgraded connections, which would go on for ever', async () => {
    const { api, url, send, close } = await recordedProxy();
    api.answer = (_, response) => void response.write('{"type":"ADDED"}\n');
    const watching = httpRequest(`${url}/api/v1/pods?watch=1`).end();
    const [answer] = (await once(watching, 'response')) as [IncomingMessage];
    const broken = once(answer, 'error');
    let isOpen = (): void => undefined;
    const open = new Promise<void>((resolve) => (isOpen = resolve));
    const upgraded = send(`GET /api/v1/pods?watch=1 HTTP/1.1\r\n${UPGRADE}\r\n`, (text) => {
      if (text.includes(' 101 ')) isOpen();
      return false;
    });
    await open;
    await close();
    await Promise.all([upgraded, broken]);
  });

  it('so does what is answered to a wish for another protocol, which Node closes no more', async () => {
    const { api, send, close } = await recordedProxy();
    api.answer = (_, response) => void response.write('{"items":[');
    let begins = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begins = resolve));
    const hoping = `GET /api/v1/pods HTTP/1.1\r\n${UPGRADE.replace('websocket', 'h2c')}\r\n`;
    const answered = send(hoping, (text) => {
      if (text.includes('items')) begins();
      return false;
    });
    await begun;
    await close();
    expect(await answered).not.toMatch(/\r\n0\r\n\r\n$/);
  });
});
