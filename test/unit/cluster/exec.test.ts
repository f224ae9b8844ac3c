import { describe, expect, test } from 'vitest';
import type { CreateUpstreamOptions } from '../../../src/cluster/transport/create.ts';
import { TestClock } from './support/clock.ts';
import { targetFor } from './support/kubeconfig.ts';
import { API_VERSION, execCredential, type TestPlugin, testPlugin } from './support/plugin.ts';
import { type Handler, type SeenRequest, testServer } from './support/server.ts';
import { tlsText } from './support/tls.ts';
import { aRequest, fetchText, rejection, testUpstream } from './support/upstream.ts';

async function setUp(
  plugin: TestPlugin,
  options: Partial<CreateUpstreamOptions> = {},
  handler?: Handler,
  cluster: Readonly<Record<string, unknown>> = {},
) {
  const server = await testServer(handler === undefined ? {} : { handler });
  const target = targetFor(server.origin, { user: { exec: plugin.exec }, cluster });
  return { server, upstream: testUpstream({ target, ...options }) };
}

function tokensOf(requests: readonly SeenRequest[]): readonly unknown[] {
  return requests.map(({ headers }) => headers['authorization']);
}

const refuseOld: Handler = ({ headers }, answer) => {
  answer.statusCode = headers['authorization'] === 'Bearer old' ? 401 : 200;
  answer.end('{}');
};

describe('a credential plugin', () => {
  test('does not run before the first call', async () => {
    const plugin = testPlugin();
    await setUp(plugin);
    expect(plugin.runs()).toEqual([]);
  });

  test('gives a token that serves all later calls', async () => {
    const plugin = testPlugin();
    plugin.prints(execCredential({ token: 'abc' }));
    const { server, upstream } = await setUp(plugin);
    await fetchText(upstream);
    await fetchText(upstream);
    expect(tokensOf(server.requests)).toEqual(['Bearer abc', 'Bearer abc']);
    expect(plugin.runs()).toHaveLength(1);
  });

  test('runs once for calls that come at the same time', async () => {
    const plugin = testPlugin();
    plugin.prints(execCredential({ token: 'abc' }));
    const { upstream } = await setUp(plugin);
    await Promise.all(Array.from({ length: 10 }, () => fetchText(upstream)));
    expect(plugin.runs()).toHaveLength(1);
  });

  test('gets its arguments, variables and what it is asked for', async () => {
    const plugin = testPlugin({ args: ['--flag', 'a b; $(x)'], env: [{ name: 'CANARY', value: 'set' }] });
    plugin.prints(execCredential({ token: 'abc' }));
    const { upstream } = await setUp(plugin, { env: { PATH: process.env['PATH'], CANARY: 'inherited' } });
    await fetchText(upstream);
    expect(plugin.runs()).toEqual([
      {
        args: ['--flag', 'a b; $(x)'],
        canary: 'set',
        info: { kind: 'ExecCredential', apiVersion: API_VERSION, spec: { interactive: false } },
      },
    ]);
  });

  test('is told about the cluster only when it wants to know', async () => {
    const plugin = testPlugin({ provideClusterInfo: true });
    plugin.prints(execCredential({ token: 'abc' }));
    const { server, upstream } = await setUp(plugin, {}, undefined, {
      'tls-server-name': 'localhost',
      extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'x' } }],
    });
    await fetchText(upstream);
    expect(plugin.runs()[0]?.info).toMatchObject({
      spec: {
        cluster: {
          server: server.origin,
          'tls-server-name': 'localhost',
          'certificate-authority-data': Buffer.from(tlsText('ca.crt')).toString('base64'),
          config: { audience: 'x' },
        },
      },
    });
  });

  test('gives a client certificate, which the connection shows', async () => {
    const plugin = testPlugin();
    plugin.prints(
      execCredential({ clientCertificateData: tlsText('client.crt'), clientKeyData: tlsText('client.key') }),
    );
    const { server, upstream } = await setUp(plugin);
    await fetchText(upstream);
    expect(server.requests[0]).toMatchObject({ clientName: 'client' });
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
  });
});

describe('a credential that ends', () => {
  test('is replaced once it has expired, and not before', async () => {
    const clock = new TestClock();
    const plugin = testPlugin();
    const inOneHour = new Date(clock.now() + 3_600_000).toISOString();
    plugin.prints(execCredential({ token: 'first', expirationTimestamp: inOneHour }));
    const { server, upstream } = await setUp(plugin, { clock });
    await fetchText(upstream);
    plugin.prints(execCredential({ token: 'second' }));
    clock.advance(3_580_000);
    await fetchText(upstream);
    clock.advance(30_000);
    await fetchText(upstream);
    expect(tokensOf(server.requests)).toEqual(['Bearer first', 'Bearer first', 'Bearer second']);
  });

  test('is replaced when its certificate is, on new connections', async () => {
    const clock = new TestClock();
    const plugin = testPlugin();
    const print = (name: 'client' | 'next-client', expirationTimestamp: string) =>
      plugin.prints(
        execCredential({
          clientCertificateData: tlsText(`${name}.crt`),
          clientKeyData: tlsText(`${name}.key`),
          expirationTimestamp,
        }),
      );
    print('client', new Date(clock.now() + 60_000).toISOString());
    const { server, upstream } = await setUp(plugin, { clock });
    await fetchText(upstream);
    clock.advance(60_000);
    print('next-client', new Date(clock.now() + 60_000).toISOString());
    await fetchText(upstream);
    expect(server.requests.map(({ clientName }) => clientName)).toEqual(['client', 'next-client']);
    expect(server.connections).toBe(2);
  });

  test('makes one new run, and a read is sent again, when the API server refuses it', async () => {
    const plugin = testPlugin();
    plugin.prints(execCredential({ token: 'old' }));
    const { server, upstream } = await setUp(plugin, {}, (request, answer) => {
      plugin.prints(execCredential({ token: 'new' }));
      refuseOld(request, answer);
    });
    expect((await fetchText(upstream)).status).toBe(200);
    expect(tokensOf(server.requests)).toEqual(['Bearer old', 'Bearer new']);
  });

  test('is renewed after a refused write too, which is not sent again', async () => {
    const plugin = testPlugin();
    plugin.prints(execCredential({ token: 'old' }));
    const { server, upstream } = await setUp(plugin, {}, (request, answer) => {
      plugin.prints(execCredential({ token: 'new' }));
      refuseOld(request, answer);
    });
    expect((await fetchText(upstream, { method: 'DELETE' })).status).toBe(401);
    expect((await fetchText(upstream)).status).toBe(200);
    expect(tokensOf(server.requests)).toEqual(['Bearer old', 'Bearer new']);
    expect(plugin.runs()).toHaveLength(2);
  });

  test('does not keep the plugin running while the API server refuses everything', async () => {
    const plugin = testPlugin();
    plugin.prints(execCredential({ token: 'old' }));
    const { server, upstream } = await setUp(plugin, {}, refuseOld);
    for (let call = 0; call < 5; call += 1) expect((await fetchText(upstream)).status).toBe(401);
    expect(plugin.runs()).toHaveLength(2);
    expect(server.requests).toHaveLength(6);
  });
});

describe('a plugin that fails', () => {
  const V1BETA1 = 'client.authentication.k8s.io/v1beta1';

  test.each([
    [
      'of another version',
      execCredential({ token: 'a' }, V1BETA1),
      `printed version ${V1BETA1}, but the kubeconfig asks`,
    ],
    ['without a version', { kind: 'ExecCredential' }, 'printed no version'],
    ['without a status', { kind: 'ExecCredential', apiVersion: API_VERSION }, 'printed no status'],
    ['of another kind', { kind: 'Pod' }, 'did not print an ExecCredential in JSON'],
    ['that is no JSON', 'canary', 'did not print an ExecCredential in JSON'],
    ['that is empty', '', 'did not print an ExecCredential in JSON'],
    ['without a credential', execCredential({}), 'printed neither a token nor a client certificate'],
    ['with half a certificate', execCredential({ clientKeyData: 'canary' }), 'but not both'],
    [
      'with a bad certificate',
      execCredential({ clientCertificateData: 'canary', clientKeyData: 'canary' }),
      'is not a readable',
    ],
    [
      'with a token of two lines',
      execCredential({ token: 'canary\ncanary' }),
      'characters that cannot be sent',
    ],
    ['with a token that is a number', execCredential({ token: 1 }), 'printed a token that is not a text'],
    [
      'with a wrong time',
      execCredential({ token: 'canary', expirationTimestamp: 'soon' }),
      'that is not a time',
    ],
  ])('by an answer %s is an error that does not quote it', async (_, answer, message) => {
    const plugin = testPlugin();
    plugin.prints(answer);
    const { server, upstream } = await setUp(plugin);
    const error = await rejection(upstream.send(aRequest()));
    expect(error.code).toBe('CREDENTIALS_UNAVAILABLE');
    expect(error.message).toContain(message);
    expect(`${error.message} ${String(error.cause)}`).not.toContain('canary');
    expect(server.requests).toEqual([]);
  });

  test('says its exit code, and keeps what it wrote to stderr for the log', async () => {
    const plugin = testPlugin({}, `console.error('\\u001b[31mlog in\\nagain'); process.exit(3);`);
    const { upstream } = await setUp(plugin);
    const error = await rejection(upstream.send(aRequest()));
    expect(error.message).toBe('the credential plugin node failed with exit code 3');
    expect(error.extensions).toEqual({ code: 'CREDENTIALS_UNAVAILABLE' });
    expect((error.cause as Error).message).toMatch(
      /user "user": failed with exit code 3; it printed: \[31mlog in again$/,
    );
  });

  test('because it is not installed gives its hint, without control characters', async () => {
    const plugin = testPlugin({ command: 'no-such-plugin-here', installHint: 'brew install\u001b[2J\nx' });
    const { upstream } = await setUp(plugin);
    const error = await rejection(upstream.send(aRequest()));
    expect(error.message).toBe(
      'the credential plugin no-such-plugin-here is not installed. Its hint: brew install [2J x',
    );
  });

  test('because it cannot be started says so', async () => {
    const plugin = testPlugin({ args: ['a\u0000b'] });
    const { upstream } = await setUp(plugin);
    expect((await rejection(upstream.send(aRequest()))).message).toMatch(/could not be started$/);
  });

  test('because it takes too long is ended', async () => {
    const plugin = testPlugin({}, 'await new Promise((resolve) => setTimeout(resolve, 60_000));');
    const { upstream } = await setUp(plugin, { execTimeLimitMs: 300 });
    expect((await rejection(upstream.send(aRequest()))).message).toMatch(/did not end within 300 ms$/);
  });

  test('because it prints without end is ended', async () => {
    const plugin = testPlugin({}, `for (let i = 0; i < 64; i += 1) process.stdout.write('x'.repeat(65536));`);
    plugin.prints('');
    const { upstream } = await setUp(plugin);
    expect((await rejection(upstream.send(aRequest()))).message).toMatch(/printed more than 1048576 bytes$/);
  });

  test('runs again for the next call', async () => {
    const plugin = testPlugin();
    plugin.prints('');
    const { upstream } = await setUp(plugin);
    await rejection(upstream.send(aRequest()));
    plugin.prints(execCredential({ token: 'abc' }));
    expect((await fetchText(upstream)).status).toBe(200);
  });

  test('is ended when the upstream closes', async () => {
    const plugin = testPlugin({}, 'await new Promise((resolve) => setTimeout(resolve, 60_000));');
    const { upstream } = await setUp(plugin);
    const call = rejection(upstream.send(aRequest()));
    // The plugin is started in the call's first microtasks.
    await Promise.resolve();
    await upstream.close();
    expect((await call).message).toMatch(/was stopped$/);
  });

  test('does not hold up a caller who goes away, and goes on for the others', async () => {
    const plugin = testPlugin();
    plugin.prints(execCredential({ token: 'abc' }));
    const { upstream } = await setUp(plugin);
    const controller = new AbortController();
    const impatient = rejection(upstream.send(aRequest({ signal: controller.signal })));
    const patient = fetchText(upstream);
    controller.abort();
    expect((await impatient).code).toBe('CANCELLED');
    expect((await patient).status).toBe(200);
    expect(plugin.runs()).toHaveLength(1);
  });
});

describe('whether a plugin may run', () => {
  test('a policy of deny keeps every plugin from running', async () => {
    const plugin = testPlugin();
    const { server, upstream } = await setUp(plugin, { execPolicy: 'deny' });
    const error = await rejection(upstream.send(aRequest()));
    expect(error.code).toBe('CREDENTIALS_UNAVAILABLE');
    expect(error.message).toMatch(/may not run here/);
    expect(plugin.runs()).toEqual([]);
    expect(server.requests).toEqual([]);
  });

  test('one that always asks needs a terminal', async () => {
    const plugin = testPlugin({ interactiveMode: 'Always' });
    const { upstream } = await setUp(plugin, { hasTerminal: false });
    expect((await rejection(upstream.send(aRequest()))).message).toMatch(
      /there is no terminal to answer them$/,
    );
    expect(plugin.runs()).toEqual([]);
  });

  test.each([
    ['IfAvailable', true, true],
    ['IfAvailable', false, false],
    ['Never', true, false],
    ['Always', true, true],
  ])(
    'interactiveMode %s with a terminal: %s, asks: %s',
    async (interactiveMode, hasTerminal, interactive) => {
      const plugin = testPlugin({ interactiveMode });
      plugin.prints(execCredential({ token: 'abc' }));
      const { upstream } = await setUp(plugin, { hasTerminal });
      await fetchText(upstream);
      expect(plugin.runs()[0]?.info).toMatchObject({ spec: { interactive } });
    },
  );
});
