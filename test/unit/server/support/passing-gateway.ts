import { onTestFinished } from 'vitest';
import { noCache } from '../../../../src/catalog/document-cache.ts';
import { createUpstream } from '../../../../src/cluster/transport/create.ts';
import { createGateway } from '../../../../src/server/gateway.ts';
import { listen } from '../../../../src/server/listener.ts';
import type { AuthMode } from '../../../../src/server/options.ts';
import { targetFor } from '../../cluster/support/kubeconfig.ts';
import { exchange } from '../proxy/support/recorded-proxy.ts';
import { type ApiServer, recordingApiServer } from '../proxy/support/recording-api-server.ts';

/** A gateway that passes requests on. */
export interface PassingGateway {
  readonly api: ApiServer;
  readonly url: string;
  readonly port: number;
  /** What was logged as a defect. */
  readonly defects: readonly string[];
  readonly close: () => Promise<void>;
  /** All that comes back for these bytes until the gateway closes the connection, or `isEnough` says so. */
  readonly send: (bytes: string, isEnough?: (answer: string) => boolean) => Promise<string>;
}

export interface PassingGatewayOptions {
  /** Default: `kubeconfig`. */
  readonly mode?: AuthMode;
  readonly readOnly?: boolean;
  /** Which ways in are open. Default: none. */
  readonly open?: readonly ('exec' | 'raw' | 'services')[];
}

/** A gateway before an API server that writes down what reaches it. Both close with the test. */
export async function passingGateway(options: PassingGatewayOptions = {}): Promise<PassingGateway> {
  const { mode = 'kubeconfig', readOnly = false, open = [] } = options;
  const api = await recordingApiServer();
  const target = targetFor(api.origin, { user: { token: 'the-kubeconfig-token' } });
  const upstream = createUpstream({ target, mode, readOnly, execPolicy: 'deny', hasTerminal: false });
  const defects: string[] = [];
  const nothing = (): void => undefined;
  const error = (message: string, fields: object = {}): void =>
    void defects.push(`${message} ${JSON.stringify(fields)}`);
  const gateway = createGateway({
    upstream,
    ...Object.fromEntries(open.map((way) => [way, upstream])),
    cache: noCache,
    mode,
    log: { info: nothing, warn: nothing, error },
    graphiql: false,
    followCatalog: false,
  });
  const { url, close } = await listen(gateway, { host: '127.0.0.1', port: 0 });
  const port = Number(new URL(url).port);
  let closing: Promise<void> | undefined;
  const closeOnce = (): Promise<void> => (closing ??= close());
  onTestFinished(closeOnce);
  return {
    api,
    url,
    port,
    defects,
    close: closeOnce,
    send: (bytes, isEnough) => exchange(port, bytes, isEnough),
  };
}
