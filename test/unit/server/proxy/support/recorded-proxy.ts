import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { createFilter, DEFAULT_FILTER, type FilterOptions } from '../../../../../src/server/proxy/filter.ts';
import { createProxyServer, type ProxyServerOptions } from '../../../../../src/server/proxy/proxy-server.ts';
import { createUpstream } from '../../../../../src/cluster/transport/create.ts';
import type { Tunnel } from '../../../../../src/cluster/raw.ts';
import { targetFor } from '../../../cluster/support/kubeconfig.ts';
import { listen } from '../../../cluster/support/server.ts';
import { type ApiServer, recordingApiServer } from './recording-api-server.ts';

export interface RecordedProxy {
  readonly api: ApiServer;
  readonly port: number;
  /** Of the proxy. */
  readonly url: string;
  /** What was logged as going wrong. */
  readonly log: readonly string[];
  readonly close: () => Promise<void>;
  /** Of all connections: nothing has moved on them for as long as the listener lets them. */
  readonly timeOut: () => void;
  /** All that comes back for these bytes until the proxy closes the connection, or `isEnough` says so. */
  readonly send: (bytes: string, isEnough?: (answer: string) => boolean) => Promise<string>;
}

export type RecordedProxyOptions = Partial<Pick<ProxyServerOptions, 'apiPrefix' | 'files' | 'tunnels'>> & {
  /** Default: as `kubegraph proxy` has it. */
  readonly filter?: Partial<FilterOptions> | 'none';
};

export const NO_TUNNELS: ReadonlySet<Tunnel> = new Set();
export const ALL_TUNNELS: ReadonlySet<Tunnel> = new Set(['attach', 'exec', 'portforward', 'proxy']);

/** A proxy that listens, before an API server that writes down what reaches it. Both close with the test. */
export async function recordedProxy(options: RecordedProxyOptions = {}): Promise<RecordedProxy> {
  const api = await recordingApiServer();
  const upstream = createUpstream({
    target: targetFor(api.origin, { user: { token: 'the-kubeconfig-token' } }),
    mode: 'kubeconfig',
    readOnly: false,
    execPolicy: 'deny',
    hasTerminal: false,
  });
  const log: string[] = [];
  const note = (message: string, fields: object = {}): void =>
    void log.push(`${message} ${JSON.stringify(fields)}`);
  const { filter = {}, apiPrefix = '/', tunnels = NO_TUNNELS, files } = options;
  const { server, close } = createProxyServer({
    upstream,
    filter: filter === 'none' ? undefined : createFilter({ ...DEFAULT_FILTER, ...filter }),
    apiPrefix,
    tunnels,
    files,
    log: { info: note, warn: note, error: note },
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => void sockets.add(socket));
  const port = await listen(server);
  onTestFinished(async () => {
    await close();
    await upstream.close();
  });
  return {
    api,
    port,
    url: `http://127.0.0.1:${port}`,
    log,
    close,
    timeOut: () => {
      for (const socket of sockets) socket.emit('timeout');
    },
    send: (bytes, isEnough) => exchange(port, bytes, isEnough),
  };
}

/** All that comes back for these bytes until the other side closes the connection, or `isEnough` says so. */
export function exchange(
  port: number,
  bytes: string,
  isEnough: (answer: string) => boolean = () => false,
): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text;
      if (isEnough(answer)) socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(answer));
  });
}
