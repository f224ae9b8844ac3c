import { once } from 'node:events';
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Pool } from 'undici';
import { generateCertificates } from '../../demo/http/certificates.ts';
import { kubeconfigText } from '../../demo/http/kubeconfig.ts';
import { type Target, targetOf } from '../target.ts';

/** One GET that came by. */
export interface Observed {
  readonly path: string;
  /** When the first byte of its answer's body came, by `performance.now()`. */
  firstByteAt: number | undefined;
}

/** Stands between a gateway and the API server and sees what they say. Adds time, so no arm is measured through it. */
export interface Observer {
  /** For the gateway. */
  readonly kubeconfig: string;
  /** The GETs since the last call of this. */
  take(): readonly Observed[];
  stop(): Promise<void>;
}

/** Acts as the user of `kubeconfig` for whoever asks, on this machine only. */
export async function startObserver(kubeconfig: string, directory: string): Promise<Observer> {
  const target = targetOf(kubeconfig);
  const pool = new Pool(target.origin, { connect: target.connect, bodyTimeout: 0 });
  let observed: Observed[] = [];
  const { ca, server: pair, admin } = await generateCertificates();
  const server = createSecureServer(
    // HTTP/2 too, as the API server has it: the gateway's watches want it.
    { allowHTTP1: true, cert: pair.cert, key: pair.key },
    (request, response) => {
      const seen: Observed = { path: request.url, firstByteAt: undefined };
      if (request.method === 'GET') observed.push(seen);
      // What fails here fails for the gateway too, which tells of it.
      forward(pool, target, request, response, seen).catch(() => response.stream?.destroy());
    },
  );
  const url = await listen(server);
  const file = path.join(directory, 'kubeconfig-observer');
  const text = kubeconfigText({ url, ca: ca.cert, user: 'admin', certificate: admin });
  writeFileSync(file, text, { mode: 0o600 });
  return {
    kubeconfig: file,
    take: () => {
      const taken = observed;
      observed = [];
      return taken;
    },
    stop: async () => {
      await pool.destroy();
      // Connections that the gateway kept have ended with it.
      server.close();
    },
  };
}

async function listen(server: Http2SecureServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo;
  return `https://127.0.0.1:${port}`;
}

async function forward(
  pool: Pool,
  { pathPrefix, headers }: Target,
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  seen: Observed,
): Promise<void> {
  const gone = new AbortController();
  const { signal } = gone;
  response.once('close', () => gone.abort());
  const answer = await pool.request({
    method: request.method,
    path: pathPrefix + request.url,
    headers: { ...endToEnd(request.headers), ...headers },
    body: request.method === 'GET' ? null : request,
    signal,
  });
  response.writeHead(answer.statusCode, endToEnd(answer.headers));
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    seen.firstByteAt ??= performance.now();
    if (!response.write(chunk)) await once(response, 'drain', { signal });
  }
  response.end();
}

/** Headers of one hop, and those that HTTP/2 has instead of a request line. */
const HOP_BY_HOP = /^(?::.*|connection|keep-alive|transfer-encoding|host|upgrade)$/;

function endToEnd(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !HOP_BY_HOP.test(name)) kept[name] = value;
  return kept;
}
