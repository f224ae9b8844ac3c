import { renameSync, rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TestClock } from './support/clock.ts';
import { testDirectory } from './support/directory.ts';
import { targetFor } from './support/kubeconfig.ts';
import { testServer } from './support/server.ts';
import { tlsText } from './support/tls.ts';
import { aRequest, fetchText, rejection, testUpstream } from './support/upstream.ts';

const MINUTE = 60_000;

async function withTokenFile() {
  const directory = testDirectory();
  const tokenFile = directory.write('token', ' first\n');
  const server = await testServer();
  const clock = new TestClock();
  const warnings: string[] = [];
  const upstream = testUpstream({
    target: targetFor(server.origin, { user: { tokenFile } }),
    clock,
    onWarning: (message) => warnings.push(message),
  });
  const token = async () => {
    await fetchText(upstream);
    return server.requests.at(-1)?.headers['authorization'];
  };
  return { directory, tokenFile, server, clock, warnings, token };
}

describe('a token file', () => {
  test('is read again after about a minute, and not for every call', async () => {
    const { directory, clock, token } = await withTokenFile();
    expect(await token()).toBe('Bearer first');
    directory.write('token', 'second');
    expect(await token()).toBe('Bearer first');
    clock.advance(MINUTE);
    expect(await token()).toBe('Bearer second');
  });

  test('keeps its last token while it cannot be read, is empty or is no token, and says so', async () => {
    const { directory, tokenFile, clock, warnings, token } = await withTokenFile();
    expect(await token()).toBe('Bearer first');
    for (const damage of [
      () => directory.write('token', ''),
      () => directory.write('token', 'a b'),
      () => rmSync(tokenFile),
    ]) {
      damage();
      clock.advance(MINUTE);
      expect(await token()).toBe('Bearer first');
    }
    expect(warnings).toHaveLength(3);
    expect(warnings[0]).toBe(`the token file ${tokenFile} cannot be read; its last token stays in use`);
    directory.write('token', 'second');
    clock.advance(MINUTE);
    expect(await token()).toBe('Bearer second');
  });

  test('starts with the token beside it when it cannot be read', async () => {
    const server = await testServer();
    const target = targetFor(server.origin, { user: { token: 'inline', tokenFile: 'not-there' } });
    await fetchText(testUpstream({ target }));
    expect(server.requests[0]?.headers['authorization']).toBe('Bearer inline');
  });

  test('is read again at once when the API server refuses the token', async () => {
    const directory = testDirectory();
    const tokenFile = directory.write('token', 'old');
    const server = await testServer({
      handler: ({ headers }, answer) => {
        answer.statusCode = headers['authorization'] === 'Bearer old' ? 401 : 200;
        answer.end('{}');
      },
    });
    const upstream = testUpstream({
      target: targetFor(server.origin, { user: { tokenFile } }),
      clock: new TestClock(),
    });
    expect((await fetchText(upstream)).status).toBe(401);
    directory.write('token', 'new');
    expect((await fetchText(upstream)).status).toBe(200);
    expect(server.requests.map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer old',
      'Bearer old',
      'Bearer new',
    ]);
  });
});

describe('certificate files', () => {
  async function withCertificateFiles() {
    const directory = testDirectory();
    const user = {
      'client-certificate': directory.write('tls.crt', tlsText('client.crt')),
      'client-key': directory.write('tls.key', tlsText('client.key')),
    };
    const server = await testServer();
    const clock = new TestClock();
    const cluster = {
      'certificate-authority-data': undefined,
      'certificate-authority': directory.write('ca.crt', tlsText('ca.crt')),
    };
    const upstream = testUpstream({ target: targetFor(server.origin, { user, cluster }), clock });
    const name = async () => {
      await fetchText(upstream);
      return server.requests.at(-1)?.clientName;
    };
    return { directory, server, clock, upstream, name };
  }

  test('of the client are read again after five minutes, and bring new connections', async () => {
    const { directory, server, clock, name } = await withCertificateFiles();
    expect(await name()).toBe('client');
    directory.write('tls.crt', tlsText('next-client.crt'));
    directory.write('tls.key', tlsText('next-client.key'));
    expect(await name()).toBe('client');
    expect(server.connections).toBe(1);
    clock.advance(5 * MINUTE);
    expect(await name()).toBe('next-client');
    expect(server.connections).toBe(2);
  });

  test('of the client that do not belong together yet are not used', async () => {
    const { directory, clock, name } = await withCertificateFiles();
    expect(await name()).toBe('client');
    directory.write('tls.crt', tlsText('next-client.crt'));
    clock.advance(5 * MINUTE);
    expect(await name()).toBe('client');
  });

  test('that have not changed keep their connection', async () => {
    const { server, clock, name } = await withCertificateFiles();
    await name();
    clock.advance(5 * MINUTE);
    await name();
    expect(server.connections).toBe(1);
  });

  test('of the authority are read again too', async () => {
    const { directory, clock, upstream, name } = await withCertificateFiles();
    await name();
    directory.write('next', tlsText('other-ca.crt'));
    renameSync(directory.at('next'), directory.at('ca.crt'));
    clock.advance(5 * MINUTE);
    expect((await rejection(upstream.send(aRequest()))).message).toMatch(
      /not signed by the certificate authority/,
    );
  });

  test('do not disturb streams on the old connection', async () => {
    const { directory, clock, upstream, name } = await withCertificateFiles();
    const stream = await upstream.send(aRequest({ mode: 'stream', path: '/watch' }));
    directory.write('tls.crt', tlsText('next-client.crt'));
    directory.write('tls.key', tlsText('next-client.key'));
    clock.advance(5 * MINUTE);
    expect(await name()).toBe('next-client');
    const chunks: Buffer[] = [];
    for await (const chunk of stream.body) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('{}');
  });

  test('can change under calls that are under way without failing one', async () => {
    const { directory, server, clock, upstream } = await withCertificateFiles();
    const names = ['client', 'next-client'] as const;
    for (let round = 0; round < 10; round += 1) {
      const name = names[round % 2] ?? 'client';
      directory.write('tls.crt', tlsText(`${name}.crt`));
      directory.write('tls.key', tlsText(`${name}.key`));
      const calls = Array.from({ length: 10 }, async () => (await fetchText(upstream)).status);
      clock.advance(5 * MINUTE);
      const more = Array.from({ length: 10 }, async () => (await fetchText(upstream)).status);
      expect(new Set(await Promise.all([...calls, ...more]))).toEqual(new Set([200]));
    }
    expect(server.requests).toHaveLength(200);
  });

  test.each(['tls.crt', 'tls.key', 'ca.crt'])('that have gone before the first call: %s', async (file) => {
    const { directory, server, upstream } = await withCertificateFiles();
    rmSync(directory.at(file));
    const error = await rejection(upstream.send(aRequest()));
    expect(error.code).toBe('CREDENTIALS_UNAVAILABLE');
    expect(error.message).not.toContain(directory.path);
    expect(server.connections).toBe(0);
  });

  test('do not leave streams behind when the upstream closes', async () => {
    const directory = testDirectory();
    const certificate = directory.write('tls.crt', tlsText('client.crt'));
    const key = directory.write('tls.key', tlsText('client.key'));
    const server = await testServer({
      handler: ({ url }, answer) => void (url === '/watch' ? answer.write('event') : answer.end()),
    });
    const clock = new TestClock();
    const user = { 'client-certificate': certificate, 'client-key': key };
    const upstream = testUpstream({ target: targetFor(server.origin, { user }), clock });
    await upstream.send(aRequest({ mode: 'stream', path: '/watch' }));
    directory.write('tls.crt', tlsText('next-client.crt'));
    directory.write('tls.key', tlsText('next-client.key'));
    clock.advance(5 * MINUTE);
    await fetchText(upstream);
    await upstream.close();
    await expect(server.requests[0]?.closed).resolves.toBeUndefined();
  });
});

describe('a client certificate that has expired', () => {
  test('is reported before anything is sent', async () => {
    const server = await testServer();
    const user = {
      'client-certificate-data': Buffer.from(tlsText('expired-client.crt')).toString('base64'),
      'client-key-data': Buffer.from(tlsText('expired-client.key')).toString('base64'),
    };
    const upstream = testUpstream({ target: targetFor(server.origin, { user }) });
    const error = await rejection(upstream.send(aRequest()));
    expect(error.code).toBe('CREDENTIALS_UNAVAILABLE');
    expect(error.message).toBe('the client certificate expired at 2020-01-02T00:00:00.000Z; renew it');
    expect(server.connections).toBe(0);
  });
});
