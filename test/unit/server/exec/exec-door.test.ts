import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { GatewayOptions } from '../../../../src/server/gateway.ts';
import type { AuthMode } from '../../../../src/server/options.ts';
import { targetFor } from '../../cluster/support/kubeconfig.ts';
import { testUpstream } from '../../cluster/support/upstream.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { recordingApiServer } from '../proxy/support/recording-api-server.ts';
import { rawConnection } from '../support/stream-server.ts';
import { podStreams, type PodStreams, type PodStreamsOptions } from '../../support/pod-streams.ts';
import { testGateway, type TestGateway } from '../../support/test-gateway.ts';

interface Door extends TestGateway {
  readonly streams: PodStreams;
}

interface DoorOptions {
  readonly mode?: AuthMode;
  readonly isOn?: boolean;
  readonly readOnly?: boolean;
  readonly pods?: PodStreamsOptions;
  readonly more?: Partial<GatewayOptions>;
}

async function testDoor({
  mode = 'kubeconfig',
  isOn = true,
  readOnly = false,
  pods,
  more,
}: DoorOptions = {}): Promise<Door> {
  const streams = await podStreams(pods);
  const exec = testUpstream({ target: targetFor(streams.origin), mode, readOnly });
  const gateway = await testGateway(mode, { ...(isOn ? { exec } : {}), ...more });
  return { ...gateway, streams };
}

interface Asking {
  readonly path?: string;
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
}

function ask({ port }: TestGateway, asking: Asking = {}): WebSocket {
  const { path = '/exec/a/p?command=sh', protocols = ['v5.channel.k8s.io'], headers = {}, method } = asking;
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, [...protocols], {
    headers,
    ...(method === undefined
      ? {}
      : {
          finishRequest: (request) => {
            request.method = method;
            request.end();
          },
        }),
  });
  // Those who are refused look at the refusal.
  socket.on('error', () => undefined);
  onTestFinished(() => socket.terminate());
  return socket;
}

/** How a client is refused. */
async function refusal(
  door: Door,
  asking: Asking,
): Promise<{ readonly status: number; readonly body: string }> {
  const [, response] = (await once(ask(door, asking), 'unexpected-response')) as [unknown, IncomingMessage];
  return { status: response.statusCode ?? 0, body: Buffer.concat(await response.toArray()).toString() };
}

describe('a session', () => {
  it('passes on what both sides say, byte for byte, and how it ends', async () => {
    const door = await testDoor();
    const client = ask(door, {
      path: '/exec/a/p?command=sh&command=-c&command=a%26b&container=c&stdin=true&tty=true',
    });
    const pod = await door.streams.next();
    expect(pod.url.pathname + pod.url.search).toBe(
      '/api/v1/namespaces/a/pods/p/exec?command=sh&command=-c&command=a%26b&container=c&stdin=true&stdout=true&stderr=false&tty=true',
    );
    await once(client, 'open');
    expect(client.protocol).toBe('v5.channel.k8s.io');
    client.send(Buffer.from('\0typed'));
    client.send(Buffer.from('\u0004{"Width":80,"Height":24}'));
    client.send(Buffer.from([255, 0]));
    expect([await pod.next(), await pod.next(), await pod.next()]).toEqual([
      [0, 'typed'],
      [4, '{"Width":80,"Height":24}'],
      [255, '\0'],
    ]);
    const received: string[] = [];
    client.on('message', (data: Buffer) => received.push(data.toString('latin1')));
    pod.send(1, Buffer.from([0xff, 0xfe]));
    pod.end({ status: 'Success' });
    expect((await once(client, 'close'))[0]).toBe(1000);
    expect(received).toEqual(['\u0001\u00ff\u00fe', '\u0003{"status":"Success"}']);
  });

  it('attaches where no command is given', async () => {
    const door = await testDoor();
    ask(door, { path: '/attach/a/p?stdin=1' });
    const { url } = await door.streams.next();
    expect(url.pathname + url.search).toBe(
      '/api/v1/namespaces/a/pods/p/attach?stdin=true&stdout=true&stderr=true&tty=false',
    );
  });

  it('ends with its client', async () => {
    const door = await testDoor();
    const client = ask(door);
    const { closed } = await door.streams.next();
    await once(client, 'open');
    client.terminate();
    await closed;
  });

  it('ends with its pod', async () => {
    const door = await testDoor();
    const client = ask(door);
    const { socket } = await door.streams.next();
    await once(client, 'open');
    socket.terminate();
    expect((await once(client, 'close'))[0]).toBe(1006);
  });

  it('ends with its gateway', async () => {
    const door = await testDoor();
    const client = ask(door);
    const { closed } = await door.streams.next();
    await once(client, 'open');
    await door.listener.close();
    await closed;
  });

  it('is logged once, with who, where and the command, and nothing of what goes through it', async () => {
    const door = await testDoor();
    const client = ask(door, { path: '/exec/a/p?command=cat&command=-n&container=c&stdin=true' });
    const pod = await door.streams.next();
    await once(client, 'open');
    client.send(Buffer.from('\0canary'));
    await pod.next();
    pod.send(1, 'canary');
    pod.end({ status: 'Success' });
    await once(client, 'close');
    expect(door.log).toEqual([
      {
        message: 'a command runs in a container',
        who: 'kubeconfig',
        namespace: 'a',
        pod: 'p',
        container: 'c',
        command: '["cat","-n"]',
      },
    ]);
  });
});

describe('a session that may have begun', () => {
  it('is logged where its client has left before the answer of the API server', async () => {
    const api = await recordingApiServer();
    const door = await testDoor({ more: { exec: testUpstream({ target: targetFor(api.origin) }) } });
    const asking = [
      'GET /exec/a/p?command=sh HTTP/1.1',
      'Host: localhost',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Protocol: v5.channel.k8s.io',
    ];
    let leave: () => void = () => undefined;
    const left = new Promise<void>((resolve) => {
      api.upgrade = (_, socket) => {
        socket.resume().once('close', () => resolve());
        leave();
      };
    });
    const client = await rawConnection(door.port, [...asking, '', ''].join('\r\n'));
    leave = () => void client.resetAndDestroy();
    await left;
    expect(door.log).toEqual([
      {
        message: 'a command may run in a container',
        who: 'kubeconfig',
        namespace: 'a',
        pod: 'p',
        container: undefined,
        command: '["sh"]',
      },
    ]);
  });

  it.each([
    ['/exec/a/p?command=sh', 'a command may run in a container'],
    ['/attach/a/p', 'may have attached to a container'],
  ])('is logged where the API server has not answered: %s', async (path, message) => {
    const api = await recordingApiServer();
    const door = await testDoor({ more: { exec: testUpstream({ target: targetFor(api.origin) }) } });
    api.upgrade = (_, socket) => socket.destroy();
    expect((await refusal(door, { path })).status).toBe(502);
    expect(door.log).toMatchObject([{ message }]);
  });
});

describe('who asks', () => {
  it.each([
    ['a page of another site', { origin: 'https://evil.example.com' }],
    ['a page whose name was rebound to this machine', { host: 'evil.example.com' }],
    ['a page in a sandbox', { origin: 'null' }],
    ['a file', { origin: 'file://' }],
  ])('is refused where it is %s, before anything is sent', async (_, headers) => {
    const door = await testDoor();
    expect((await refusal(door, { headers })).status).toBe(403);
    expect(door.streams.requests).toEqual([]);
  });

  it('may be a page of this machine', async () => {
    const door = await testDoor();
    await once(ask(door, { headers: { origin: `http://localhost:${door.port}` } }), 'open');
  });

  it.each([
    ['in a header', { headers: { authorization: 'Bearer abc-123' } }],
    [
      'among the protocols, as browsers have to',
      { protocols: ['v5.channel.k8s.io', bearerProtocol('abc-123')] },
    ],
  ])('is who the token says, with the token %s', async (_, asking) => {
    const door = await testDoor({ mode: 'passthrough' });
    await once(ask(door, asking), 'open');
    const { request } = await door.streams.next();
    expect([request.headers.authorization, request.headers['sec-websocket-protocol']]).toEqual([
      'Bearer abc-123',
      'v5.channel.k8s.io',
    ]);
  });

  it.each([
    ['no token', {}],
    ['an empty token', { protocols: ['v5.channel.k8s.io', 'base64url.bearer.authorization.k8s.io.'] }],
    ['a token with a line break', { protocols: ['v5.channel.k8s.io', bearerProtocol('a\r\nx: y')] }],
  ])('is refused with %s where the gateway has no credentials of its own', async (_, asking) => {
    const door = await testDoor({ mode: 'passthrough' });
    expect((await refusal(door, asking)).status).toBe(401);
    expect(door.streams.requests).toEqual([]);
  });

  it('says nothing to the API server about whom it is', async () => {
    const door = await testDoor();
    const headers = {
      cookie: 'a=b',
      'impersonate-user': 'root',
      'x-remote-user': 'root',
      authorization: 'Bearer x',
    };
    await once(ask(door, { headers }), 'open');
    const { request } = await door.streams.next();
    expect(Object.keys(headers).filter((name) => name in request.headers)).toEqual([]);
  });
});

describe('what is asked', () => {
  it.each([
    ['/exec/a/p', 400],
    ['/exec/a/p?command=', 400],
    ['/exec/a/p?command=sh&command=', 101],
    ['/attach/a/p?command=sh', 400],
    ['/exec/a/p/x?command=sh', 400],
    ['/exec/a?command=sh', 400],
    ['/exec//p?command=sh', 400],
    ['/exec/a/%2e%2e?command=sh', 400],
    ['/exec/a/p%2flog?command=sh', 400],
    ['/exec/A/p?command=sh', 400],
    ['/exec/a/p?command=sh&container=a&container=b', 400],
    ['/exec/a/p?command=sh&tty=yes', 400],
    ['/exec/a/p?command=sh&previous=true', 400],
    ['/exec/a/../../x/p?command=sh', 404],
    ['/%65xec/a/p?command=sh', 404],
  ])('%s: %i', async (path, status) => {
    const door = await testDoor();
    const client = ask(door, { path });
    const answered = new Promise((resolve) => {
      client.once('open', () => resolve(101));
      client.once('unexpected-response', (_, response: IncomingMessage) => resolve(response.statusCode));
    });
    expect([await answered, door.streams.requests.length]).toEqual([status, status === 101 ? 1 : 0]);
  });

  it.each([
    [
      'older protocols, which do not tell how a command ended',
      { protocols: ['v3.channel.k8s.io', 'channel.k8s.io'] },
    ],
    ['none', { protocols: [] }],
    ['another method', { method: 'POST' }],
  ])('is refused with %s', async (_, asking) => {
    const door = await testDoor();
    expect((await refusal(door, asking)).status).toBe(400);
    expect(door.streams.requests).toEqual([]);
  });

  it('is refused over SPDY', async () => {
    const door = await testDoor();
    const headers = { upgrade: 'SPDY/3.1', connection: 'Upgrade' };
    expect(await rawRequest(`${door.listener.url}/exec/a/p?command=sh`, { headers })).toMatchObject({
      status: 400,
    });
    expect(door.streams.requests).toEqual([]);
  });

  it('has to be upgraded', async () => {
    const { listener } = await testDoor();
    const response = await fetch(`${listener.url}/exec/a/p?command=sh`);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('WebSocket')]);
  });
});

describe('what the API server refuses', () => {
  it('is refused in its words', async () => {
    const body = '{"kind":"Status","message":"pods \\"p\\" is forbidden: ","reason":"Forbidden","code":403}';
    const headers = { 'Content-Type': 'application/json', 'Set-Cookie': 'a=b' };
    const door = await testDoor({ pods: { refusal: { status: 403, body, headers } } });
    expect(await refusal(door, {})).toEqual({ status: 403, body });
    expect(door.log).toEqual([]);
  });

  it('is 502 where nobody answers', async () => {
    const exec = testUpstream({ target: targetFor('http://127.0.0.1:1') });
    const door = await testDoor({ more: { exec } });
    const { status, body } = await refusal(door, {});
    expect([status, JSON.parse(body)]).toMatchObject([
      502,
      { errors: [{ extensions: { code: 'UNREACHABLE' } }] },
    ]);
  });

  it('is not asked for by a gateway that runs read-only', async () => {
    const door = await testDoor({ readOnly: true });
    expect(await refusal(door, {})).toMatchObject({
      status: 403,
      body: expect.stringContaining('READ_ONLY'),
    });
    expect([door.streams.requests, door.log]).toEqual([[], []]);
  });
});

it('an upgrade behind a request that has not been answered ends the connection, and nothing else', async () => {
  const { port, post, streams } = await testDoor({ isOn: false });
  const lines = (...each: readonly string[]): string => [...each, '', ''].join('\r\n');
  const subscription = encodeURIComponent('subscription { widgets { type } }');
  const waiting = lines(
    `GET /graphql?query=${subscription} HTTP/1.1`,
    'Host: localhost',
    'Accept: text/event-stream',
  );
  const upgrade = lines(
    'GET /exec/a/p?command=id HTTP/1.1',
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
  );
  const socket = await rawConnection(port, waiting + upgrade);
  socket.resume();
  await once(socket, 'close');
  expect([(await post('{ version { major } }')).status, streams.requests]).toEqual([200, []]);
});

function bearerProtocol(token: string): string {
  return `base64url.bearer.authorization.k8s.io.${Buffer.from(token).toString('base64url')}`;
}
