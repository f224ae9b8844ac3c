import { describe, expect, it } from 'vitest';
import { targetFor } from '../../cluster/support/kubeconfig.ts';
import { testUpstream } from '../../cluster/support/upstream.ts';
import { podStreams, type PodStreams } from '../../support/pod-streams.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { testGateway, type TestGateway } from '../../support/test-gateway.ts';

/** A gateway before an API server whose pods could be reached. */
async function gatewayWithPods(
  isOn: boolean,
): Promise<{ readonly gateway: TestGateway; readonly streams: PodStreams }> {
  const streams = await podStreams();
  const upstream = testUpstream({ target: targetFor(streams.origin) });
  const gateway = await testGateway('kubeconfig', isOn ? { exec: upstream } : {});
  return { gateway, streams };
}

const UPGRADE = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
  'sec-websocket-protocol': 'v5.channel.k8s.io',
};

async function graphql(gateway: TestGateway, query: string): Promise<string> {
  return (await gateway.post(query)).text();
}

async function get(gateway: TestGateway, path: string, headers = {}): Promise<string> {
  const { status, body } = await rawRequest(`${gateway.listener.url}${path}`, { headers });
  return `${status} ${body.toString()}`;
}

type Way = (gateway: TestGateway) => Promise<string>;

const EXEC = '/api/v1/namespaces/a/pods/p/exec?command=id&stdout=true';

const WAYS: readonly (readonly [string, Way, RegExp])[] = [
  [
    'a mutation',
    (gateway) =>
      graphql(gateway, 'mutation { execPod(namespace: "a", name: "p", command: ["id"]) { stdout } }'),
    /"code":"FORBIDDEN"/,
  ],
  ['a raw path', (gateway) => graphql(gateway, `{ raw(path: "${EXEC}") }`), /"code":"BAD_USER_INPUT"/],
  [
    'a raw path in other letters',
    (gateway) => graphql(gateway, `{ raw(path: "${EXEC.replace('exec', '%65xec')}") }`),
    /"code":"BAD_USER_INPUT"/,
  ],
  [
    'the field of a subresource',
    (gateway) => graphql(gateway, 'mutation { createPodExec(namespace: "a", name: "p") { kind } }'),
    /GRAPHQL_VALIDATION_FAILED/,
  ],
  ['a WebSocket to run', (gateway) => get(gateway, '/exec/a/p?command=id', UPGRADE), /^403 .*enable-exec/],
  ['a WebSocket to attach', (gateway) => get(gateway, '/attach/a/p', UPGRADE), /^403 .*enable-exec/],
  [
    'SPDY',
    (gateway) => get(gateway, '/exec/a/p?command=id', { ...UPGRADE, upgrade: 'SPDY/3.1' }),
    /^403 .*enable-exec/,
  ],
  ['a plain request', (gateway) => get(gateway, '/exec/a/p?command=id'), /^403 .*enable-exec/],
  ["the API server's own path", (gateway) => get(gateway, EXEC), /^404 /],
  ["the API server's own path, upgraded", (gateway) => get(gateway, EXEC, UPGRADE), /^404 /],
];

describe('where exec is off', () => {
  it.each(WAYS)('%s is refused, and nothing is sent to the API server', async (_, way, refusal) => {
    const { gateway, streams } = await gatewayWithPods(false);
    expect(await way(gateway)).toMatch(refusal);
    expect([streams.requests, gateway.stub.calls]).toEqual([[], []]);
  });
});

describe('where exec is on', () => {
  it.each(
    WAYS.filter(([name]) => name.startsWith('a raw') || name.includes('own path') || name.includes('field')),
  )('%s is no way to it', async (_, way, refusal) => {
    const { gateway, streams } = await gatewayWithPods(true);
    expect(await way(gateway)).toMatch(refusal);
    expect([streams.requests, gateway.stub.calls]).toEqual([[], []]);
  });
});
