import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { loggedPod } from '../../logs/support/logged-pod.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { rawConnection, textUntilEnd } from '../support/stream-server.ts';
import { logGateway, POD, refusal } from './support/log-gateway.ts';

const BYTES = Buffer.concat([
  Buffer.from('one\r\n\ntw'),
  Buffer.from([0xff, 0x00, 0xc3]),
  Buffer.from('\rno end'),
]);

/** The head of an answer that goes on. */
async function open(url: string): Promise<{ readonly answer: IncomingMessage; readonly leave: () => void }> {
  const sent = httpRequest(url).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { answer, leave: () => void sent.destroy() };
}

describe('a log', () => {
  it('is text to be kept, byte for byte as the container has written it', async () => {
    const { url } = await logGateway({ log: BYTES });
    const { status, headers, body } = await rawRequest(`${url}?container=main`);
    expect([status, body]).toEqual([200, BYTES]);
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': 'attachment; filename="x_main.log"',
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });

  it('comes while it is written', async () => {
    let say: (text: string) => void = () => undefined;
    const log = (response: ServerResponse): void => {
      say = (text) => void response.write(text);
      say('first\n');
    };
    const { url } = await logGateway({ log });
    const { answer, leave } = await open(`${url}?follow=true`);
    const pieces = answer.iterator() as AsyncIterableIterator<Buffer>;
    expect(String((await pieces.next()).value)).toBe('first\n');
    say('half a li');
    expect(String((await pieces.next()).value)).toBe('half a li');
    answer.on('error', () => undefined);
    leave();
  });

  it('has the lines alone in which a pattern finds something', async () => {
    const { url } = await logGateway({ log: 'an error\r\nwell\nERROR \xe9' });
    const { body } = await rawRequest(`${url}?grep=(%3Fi)error`);
    expect(body).toEqual(Buffer.from('an error\r\nERROR \xe9'));
  });

  it('has them by what is behind their times', async () => {
    const time = '2026-01-01T00:00:01.000000001Z';
    const { url } = await logGateway({ log: `${time} 2026 begins\n${time} so does this\n` });
    const { body } = await rawRequest(`${url}?grep=%5E2026&timestamps=true`);
    expect(body.toString()).toBe(`${time} 2026 begins\n`);
  });
});

describe('without a name, the container', () => {
  const containers = { a: 'running', b: 'running' } as const;
  const pod = (name: string): object =>
    loggedPod('x', { containers, annotations: { 'kubectl.kubernetes.io/default-container': name } });

  it.each([
    ['is the one that the pod names', pod('b'), '?container=b', 'x_b.log'],
    ['is else the first', loggedPod('x', { containers }), '?container=a', 'x_a.log'],
    ['is the first where it has none of that name', pod('b"; x="y'), '?container=a', 'x_a.log'],
    [
      "is the API server's choice for those who may not read pods",
      refusal(403, 'Forbidden', 'no'),
      '',
      'x.log',
    ],
  ])('%s', async (_, answer, query, file) => {
    const { url, calls } = await logGateway({ pod: answer });
    const { status, headers } = await rawRequest(url);
    expect([status, headers['content-disposition']]).toEqual([200, `attachment; filename="${file}"`]);
    expect(calls()).toEqual([`GET ${POD}`, `GET ${POD}/log${query}`]);
  });

  it('is none whose name no container can have, whatever the API server says', async () => {
    const { url, calls } = await logGateway({
      pod: loggedPod('x', { containers: { 'b"; x="y': 'running' } }),
    });
    const { status, body } = await rawRequest(url);
    expect([status, JSON.parse(body.toString())]).toMatchObject([
      400,
      { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
    ]);
    expect(calls()).toEqual([`GET ${POD}`]);
  });
});

describe('whoever asks for a log', () => {
  it('is the holder of the token, in passthrough mode', async () => {
    const { url, authorization } = await logGateway({ mode: 'passthrough', log: 'x' });
    const { status } = await rawRequest(url, { headers: { authorization: 'Bearer t' } });
    expect([status, authorization()]).toEqual([200, 'Bearer t']);
  });

  it('has to have one there', async () => {
    const { url, calls } = await logGateway({ mode: 'passthrough' });
    const { status, body } = await rawRequest(url);
    expect([status, JSON.parse(body.toString())]).toMatchObject([
      401,
      { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    ]);
    expect(calls()).toEqual([]);
  });

  it('may be no page of another site', async () => {
    const { url, calls } = await logGateway();
    const { status } = await rawRequest(url, { headers: { origin: 'https://evil.example' } });
    expect([status, calls()]).toEqual([403, []]);
  });

  it.each(['HEAD', 'POST', 'DELETE', 'OPTIONS'])('does so with GET, and not with %s', async (method) => {
    const { url, calls } = await logGateway();
    const { status, headers } = await rawRequest(url, { method });
    expect([status, headers['allow'], calls()]).toEqual([405, 'GET', []]);
  });

  it('and hopes for another protocol, gets it all the same', async () => {
    const { url } = await logGateway({ log: BYTES });
    const { status, body } = await rawRequest(url, { headers: { connection: 'Upgrade', upgrade: 'h2c' } });
    expect([status, body]).toEqual([200, BYTES]);
  });
});

describe('a log that cannot be had', () => {
  it.each([
    [404, 'NotFound', 'NOT_FOUND', 'pods "x" not found'],
    [403, 'Forbidden', 'FORBIDDEN', 'pods "x" is forbidden'],
    [400, 'BadRequest', 'BAD_REQUEST', 'container "c" in pod "x" is waiting to start'],
    [503, 'ServiceUnavailable', 'UNAVAILABLE', 'later'],
  ])('is refused as the API server does: %s %s', async (code, reason, expected, message) => {
    const { url, log } = await logGateway({ log: refusal(code, reason, message) });
    const { status, headers, body } = await rawRequest(`${url}?container=c`);
    expect([status, headers['content-disposition']]).toEqual([code, undefined]);
    expect(JSON.parse(body.toString())).toMatchObject({
      errors: [{ message, extensions: { code: expected, kubernetes: { reason } } }],
    });
    expect(log).toEqual([]);
  });

  it.each([
    ['that cuts it off', (response: ServerResponse) => void response.socket?.destroy(), 'UNREACHABLE'],
    [
      'that leads elsewhere',
      (response: ServerResponse) => void response.writeHead(302, { location: '/' }).end(),
      'UPSTREAM_ERROR',
    ],
  ])('is a failure of an API server %s', async (_, log, code) => {
    const { url } = await logGateway({ log });
    const { status, headers, body } = await rawRequest(`${url}?container=c`);
    expect([status, headers['location'], JSON.parse(body.toString())]).toMatchObject([
      502,
      undefined,
      { errors: [{ extensions: { code } }] },
    ]);
  });

  it.each(['', '&grep=o', '&follow=true'])('to its end is cut off, and not ended: %s', async (query) => {
    const { url, log } = await logGateway({
      log: (response) => response.write('one\n', () => response.destroy()),
    });
    await expect(rawRequest(`${url}?container=c${query}`)).rejects.toThrow('aborted');
    expect(log).toEqual([]);
  });

  it('to its end is cut off visibly for HTTP/1.0, where the end of the connection would be its end', async () => {
    let cut: () => void = () => undefined;
    const log = (response: ServerResponse): void => {
      cut = () => void response.destroy();
      response.write('one\n');
    };
    const { port } = await logGateway({ log });
    const socket = await rawConnection(port, 'GET /logs/a/x?container=c HTTP/1.0\r\nHost: localhost\r\n\r\n');
    const broken = once(socket, 'error');
    await once(socket, 'data');
    cut();
    expect((await broken)[0]).toMatchObject({ code: 'ECONNRESET' });
  });

  it('to its end comes as a whole where it can, to HTTP/1.0', async () => {
    const { port } = await logGateway({ log: 'one\n' });
    const socket = await rawConnection(port, 'GET /logs/a/x?container=c HTTP/1.0\r\nHost: localhost\r\n\r\n');
    expect(await textUntilEnd(socket)).toMatch(/\r\n\r\none\n$/);
  });
});

describe('a log whose client leaves', () => {
  it.each(['?follow=true', '?follow=true&grep=o'])('is given up upstream: %s', async (query) => {
    let isClosed: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (isClosed = resolve));
    const { url, log } = await logGateway({
      log: (response) => response.once('close', isClosed).write('one\n'),
    });
    const { answer, leave } = await open(`${url}${query}`);
    answer.on('error', () => undefined);
    leave();
    await closed;
    expect(log).toEqual([]);
  });

  it.each(['log', 'pod'])('before it has come is given up, too: %s', async (what) => {
    let leave: () => void = () => undefined;
    let isClosed: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (isClosed = resolve));
    const silent = (response: ServerResponse): void => {
      response.once('close', isClosed);
      leave();
    };
    const { url, log } = await logGateway({ [what]: silent });
    const sent = httpRequest(url).on('error', () => undefined);
    leave = () => void sent.destroy();
    sent.end();
    await closed;
    expect(log).toEqual([]);
  });
});

it('a log that is followed ends with the gateway, and not as if it had ended', async () => {
  const { url, close } = await logGateway({ log: (response) => response.write('one\n') });
  const { answer } = await open(`${url}?follow=true`);
  const broken = once(answer, 'error');
  await close();
  expect((await broken)[0]).toMatchObject({ code: 'ECONNRESET' });
});
