import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { noCache } from '../../../src/catalog/document-cache.ts';
import { Doors } from '../../../src/server/doors.ts';
import { onUpgrade } from '../../../src/server/upgrades.ts';
import { listening } from './support/listening.ts';

const PATHS = ['/logs/a/x?follow=true', '/exec/a/x?command=id', '/k8s/api/v1/pods?watch=1', '/services/a/x/'];

/** A request that has come to the end of its connection. */
interface Late {
  readonly request: IncomingMessage;
  /** Undefined where it asks for another protocol. */
  readonly response: ServerResponse | undefined;
  readonly head: Buffer;
}

/** What a door gets that has been loaded for too long. */
async function late(path: string, headers: readonly string[]): Promise<Late> {
  const server = createServer();
  const arrived = new Promise<Late>((resolve) => {
    server.on('request', (request, response) => resolve({ request, response, head: Buffer.alloc(0) }));
    onUpgrade(server, (request, _, head) => resolve({ request, response: undefined, head }));
  });
  const client = connect(await listening(server), '127.0.0.1');
  client.write([`GET ${path} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n'));
  const { request, response, head } = await arrived;
  const closed = new Promise((resolve) => request.socket.once('close', resolve));
  // A mere goodbye is not heard before somebody listens.
  client.resetAndDestroy();
  await closed;
  return { request, response, head };
}

const PROTOCOLS = [
  [],
  [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Protocol: v5.channel.k8s.io',
  ],
  ['Connection: Upgrade', 'Upgrade: h2c'],
];

/** All doors there are, before an API server that never answers. */
function allDoors(): { readonly doors: Doors; readonly asked: string[]; readonly defects: unknown[] } {
  const asked: string[] = [];
  const defects: unknown[] = [];
  const never = (call: { readonly path?: string; readonly target?: string }): Promise<never> => {
    asked.push(call.path ?? call.target ?? '');
    return new Promise(() => undefined);
  };
  const upstream = { send: never, forward: never, upgrade: never, close: () => Promise.resolve() };
  const report = (problem: unknown): void => void defects.push(problem);
  const doors = new Doors({
    report,
    options: {
      upstream,
      exec: upstream,
      raw: upstream,
      services: upstream,
      cache: noCache,
      mode: 'kubeconfig',
      log: { info: report, warn: report, error: report },
      graphiql: false,
    },
  });
  return { doors, asked, defects };
}

it.each(PATHS.flatMap((path) => PROTOCOLS.map((headers) => [path, headers] as const)))(
  'nothing is asked for a client that has left before its door was there: %s %j',
  async (path, headers) => {
    const { doors, asked, defects } = allDoors();
    const { request, response, head } = await late(path, headers);
    const door = await doors.find(request);
    if (response === undefined) await door?.upgrade(request, request.socket, head);
    else await door?.handle(request, response);
    expect(door).toBeDefined();
    expect([asked, defects]).toEqual([[], []]);
  },
);
