import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { rawRequest } from '../../support/raw-request.ts';
import {
  passingGateway,
  type PassingGateway,
  type PassingGatewayOptions,
} from '../support/passing-gateway.ts';

interface RawGatewayOptions extends Omit<PassingGatewayOptions, 'open'> {
  readonly isOn?: boolean;
  readonly execIsOn?: boolean;
}

function rawGateway({
  isOn = true,
  execIsOn = false,
  ...options
}: RawGatewayOptions = {}): Promise<PassingGateway> {
  const open = [...(isOn ? (['raw'] as const) : []), ...(execIsOn ? (['exec'] as const) : [])];
  return passingGateway({ ...options, open });
}

/** The first line that answers a wish for another protocol. */
async function upgradeAnswer(port: number, path: string, ...headers: readonly string[]): Promise<string> {
  const lines = [
    `GET ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    ...headers,
    '',
    '',
  ];
  const socket = connect(port, '127.0.0.1', () => socket.write(lines.join('\r\n')));
  const [data] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return data.toString('latin1').split('\r\n')[0] ?? '';
}

const EXEC = '/k8s/api/v1/namespaces/shop/pods/web/exec?command=id';

describe('/k8s', () => {
  it('is not there unless it is asked for', async () => {
    const { api, url, port } = await rawGateway({ isOn: false });
    expect((await rawRequest(`${url}/k8s/api`)).status).toBe(404);
    expect(await upgradeAnswer(port, '/k8s/api')).toMatch(/ 404 /);
    expect(api.recorded).toEqual([]);
  });

  it("is the API server's own surface, for the kubeconfig's user", async () => {
    const { api, url, port } = await rawGateway();
    const headers = { 'content-type': 'application/apply-patch+yaml' };
    const answer = await rawRequest(
      `${url}/k8s/api/v1/pods/a?force=1&force=0`,
      { method: 'PATCH', headers },
      'kind: Pod',
    );
    expect([answer.status, answer.body.toString()]).toEqual([200, '{}']);
    expect(await upgradeAnswer(port, '/k8s/api/v1/pods?watch=1')).toMatch(/ 101 /);
    expect(api.recorded.map(({ line }) => line)).toEqual([
      'PATCH /api/v1/pods/a?force=1&force=0',
      'GET /api/v1/pods?watch=1',
    ]);
    for (const { headers } of api.recorded) expect(headers.authorization).toBe('Bearer the-kubeconfig-token');
  });

  it('runs no page, which would be of the origin of the gateway', async () => {
    const { api, url } = await rawGateway();
    for (const status of [200, 404]) {
      api.answer = (_, response) =>
        response.writeHead(status, { 'content-type': 'text/html' }).end('<script>fetch("/graphql")</script>');
      expect(await rawRequest(`${url}/k8s/apis/reports.example.com/v1/a`)).toMatchObject({
        status,
        headers: {
          'content-security-policy': "sandbox; default-src 'none'",
          'x-content-type-options': 'nosniff',
        },
      });
    }
  });

  it('is closed to pages of other sites and rebound names', async () => {
    const { api, url, port } = await rawGateway();
    const origin = 'https://evil.example.com';
    expect((await rawRequest(`${url}/k8s/api`, { headers: { origin } })).status).toBe(403);
    expect((await rawRequest(`${url}/k8s/api`, { headers: { host: 'evil.example.com' } })).status).toBe(403);
    expect(
      (
        await rawRequest(`${url}/k8s/api`, {
          headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
        })
      ).status,
    ).toBe(403);
    const frame = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'iframe',
    };
    expect((await rawRequest(`${url}/k8s/api`, { headers: frame })).status).toBe(403);
    expect(await upgradeAnswer(port, '/k8s/api/v1/pods?watch=1', `Origin: ${origin}`)).toMatch(/ 403 /);
    expect(api.recorded).toEqual([]);
  });

  it.each([false, true])('leads into no pod, node or service, with --enable-exec: %s', async (execIsOn) => {
    const { api, url, port } = await rawGateway({ execIsOn });
    const paths = [
      EXEC,
      EXEC.replace('exec', '%65xec'),
      EXEC.replace('exec', 'attach'),
      EXEC.replace('exec', 'portforward'),
      EXEC.replace('exec', 'proxy'),
      '/k8s/api/v1/nodes/a/proxy/run/b/c/d?cmd=id',
    ];
    for (const path of paths) {
      const answer = await rawRequest(url + path, { method: 'POST' });
      expect([answer.status, (JSON.parse(answer.body.toString()) as { kind: string }).kind]).toEqual([
        403,
        'Status',
      ]);
      expect(await upgradeAnswer(port, path)).toMatch(/ 403 /);
    }
    expect(api.recorded).toEqual([]);
  });

  it('does not follow dot segments out of its place, or into it', async () => {
    const { api, port } = await rawGateway();
    expect(await upgradeAnswer(port, '/k8s/../api')).toMatch(/ 400 /);
    expect(await upgradeAnswer(port, '/x/../k8s/api')).toMatch(/ 404 /);
    expect(api.recorded).toEqual([]);
  });

  it('sends no write where the gateway is read-only', async () => {
    const { api, url } = await rawGateway({ readOnly: true });
    const answer = await rawRequest(`${url}/k8s/api/v1/namespaces/a`, { method: 'DELETE' });
    expect([answer.status, JSON.parse(answer.body.toString())]).toMatchObject([
      403,
      { kind: 'Status', reason: 'Forbidden' },
    ]);
    expect((await rawRequest(`${url}/k8s/api/v1/namespaces/a`)).status).toBe(200);
    expect(api.recorded).toHaveLength(1);
  });

  it.each([
    {},
    { authorization: 'Bearer' },
    { authorization: 'Bearer ' },
    { authorization: 'Basic eDp5' },
    { authorization: 'Bearer a,b' },
  ])(
    'takes a token of each caller with --auth passthrough: %j is none',
    async (headers: Readonly<Record<string, string>>) => {
      const { api, url, port } = await rawGateway({ mode: 'passthrough' });
      const answer = await rawRequest(`${url}/k8s/api`, { headers });
      expect([answer.status, JSON.parse(answer.body.toString())]).toMatchObject([
        401,
        { kind: 'Status', reason: 'Unauthorized' },
      ]);
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
      expect(await upgradeAnswer(port, '/k8s/api/v1/pods?watch=1', ...lines)).toMatch(/ 401 /);
      expect(api.recorded).toEqual([]);
    },
  );

  it("acts with the caller's token and no other with --auth passthrough", async () => {
    const { api, url } = await rawGateway({ mode: 'passthrough' });
    const headers = {
      authorization: 'Bearer of-the-caller',
      host: 'gateway.example.com',
      'impersonate-user': 'root',
    };
    expect((await rawRequest(`${url}/k8s/api`, { headers })).status).toBe(200);
    expect(api.recorded.map(({ headers }) => headers.authorization)).toEqual(['Bearer of-the-caller']);
    expect(api.recorded[0]?.headers).not.toHaveProperty('impersonate-user');
  });

  it('takes the token of a browser that watches over WebSocket among its protocols, and hands it to nobody', async () => {
    const { api, port } = await rawGateway({ mode: 'passthrough' });
    const token = `base64url.bearer.authorization.k8s.io.${Buffer.from('of-the-caller').toString('base64url')}`;
    const protocols = `Sec-WebSocket-Protocol: ${token}, base64.binary.k8s.io`;
    expect(await upgradeAnswer(port, '/k8s/api/v1/pods?watch=1', protocols)).toMatch(/ 101 /);
    expect(api.recorded.map(({ headers }) => headers)).toMatchObject([
      { authorization: 'Bearer of-the-caller', 'sec-websocket-protocol': 'base64.binary.k8s.io' },
    ]);
  });

  it('does not keep a gateway from ending by a watch', async () => {
    const { api, url, close } = await rawGateway();
    api.answer = (_, response) => void response.write('{"type":"ADDED"}\n');
    const watching = httpRequest(`${url}/k8s/api/v1/pods?watch=true`).end();
    const [answer] = (await once(watching, 'response')) as [IncomingMessage];
    const broken = once(answer, 'error');
    await Promise.all([close(), broken]);
  });
});
