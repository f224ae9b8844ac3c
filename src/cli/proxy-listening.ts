import { once } from 'node:events';
import { lstatSync, unlinkSync } from 'node:fs';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { CommandFailure, UsageError } from './command.ts';

/** Where a proxy listens: a port of an address of this machine, or a socket in the file system. */
export type ListeningPlace = { readonly host: string; readonly port: number } | { readonly socket: string };

/** Listens, and resolves with the place as kubectl prints it. Rejects with a CommandFailure, or UsageError, that says what to do. */
export async function listenAt(server: Server, place: ListeningPlace): Promise<string> {
  if ('socket' in place) await removeStale(place.socket);
  const listening = once(server, 'listening');
  try {
    if ('socket' in place) listenForOwner(server, place.socket);
    else server.listen(place.port, place.host);
    await listening;
  } catch (error) {
    throw failure(error, place);
  }
  if ('socket' in place) return place.socket;
  const { address, family, port } = server.address() as AddressInfo;
  return `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** Nobody but its owner may connect: whoever does acts as they do. */
function listenForOwner(server: Server, socket: string): void {
  const mask = process.umask(0o177);
  try {
    // The file is made before this returns.
    server.listen(socket);
  } finally {
    process.umask(mask);
  }
}

/** What a proxy has left behind that was killed. Anything else stays, and is in the way. */
async function removeStale(socket: string): Promise<void> {
  const isSocket = lstatSync(socket, { throwIfNoEntry: false })?.isSocket() === true;
  if (isSocket && !(await hasListener(socket))) unlinkSync(socket);
}

async function hasListener(socket: string): Promise<boolean> {
  const connection = connect(socket);
  try {
    await once(connection, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    connection.destroy();
  }
}

function failure(error: unknown, place: ListeningPlace): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if ('socket' in place) {
    if (code === 'EADDRINUSE')
      return new CommandFailure(`--unix-socket ${place.socket} is taken: choose another`);
    return new UsageError(`--unix-socket ${place.socket} cannot be made: the system says ${String(code)}`);
  }
  const { host, port } = place;
  if (code === 'EADDRINUSE')
    return new CommandFailure(`port ${port} on ${host} is taken: choose another with --port`);
  if (code === 'EACCES')
    return new UsageError(`port ${port} may not be used by this user: choose one above 1023`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new UsageError(`--address ${host} is no address of this machine`);
  }
  return error;
}
