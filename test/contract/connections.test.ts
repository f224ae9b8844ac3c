import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { apiAs } from './support/api.ts';
import { serverUnderTest } from './support/context.ts';
import { newNamespace } from './support/namespace.ts';

const { ca, tokens, url } = serverUnderTest();
const { hostname, port } = new URL(url);

describe('a connection', () => {
  it.each(['h2', 'http/1.1'])('may speak %s', async (protocol) => {
    const socket = connectTls({ host: hostname, port: Number(port), ca, ALPNProtocols: [protocol] });
    onTestFinished(() => void socket.destroy());
    await once(socket, 'secureConnect');
    expect(socket.alpnProtocol).toBe(protocol);
    expect(socket.authorized).toBe(true);
  });

  it('with HTTP/2 allows a hundred streams at once', async () => {
    const session = connectHttp2(url, { ca });
    onTestFinished(() => session.destroy());
    const [settings] = (await once(session, 'remoteSettings')) as [
      { readonly maxConcurrentStreams?: number },
    ];
    expect(settings.maxConcurrentStreams).toBe(100);
  });

  it('with HTTP/2 carries watches beside other requests', async () => {
    const session = connectHttp2(url, { ca });
    onTestFinished(() => session.destroy());
    const open = (path: string) =>
      session.request({ ':path': path, accept: 'application/json', authorization: `Bearer ${tokens.admin}` });
    const watch = open('/api/v1/namespaces/default/configmaps?watch=true');
    await once(watch, 'data');
    const [headers] = (await once(open('/version'), 'response')) as [{ readonly ':status'?: number }];
    expect(headers[':status']).toBe(200);
    expect(watch.closed).toBe(false);
  });

  it('goes on after an answer that came before the end of the request', async () => {
    const path = `/api/v1/namespaces/${await newNamespace()}/configmaps`;
    const single = apiAs(tokens.admin, serverUnderTest(), 1);
    expect((await single.post(path, 'x'.repeat(4 * 1024 * 1024))).status).toBe(413);
    expect((await single.get(path)).status).toBe(200);
  });
});
