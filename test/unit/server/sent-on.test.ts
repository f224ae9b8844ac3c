import { once } from 'node:events';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { sendOn } from '../../../src/server/sent-on.ts';

/** A connection to somebody who reads nothing. */
class DeafSocket extends Socket {
  override _write = (): void => undefined;
  override _writev = this._write;
}

it.each([
  ['that has come to its end', (body: Readable) => body.push(null)],
  ['that goes on', () => undefined],
])(
  'an answer %s is given up where nobody takes any of it for as long as a listener waits',
  async (_, then) => {
    const socket = new DeafSocket();
    const response = new ServerResponse(new IncomingMessage(socket));
    response.assignSocket(socket);
    const body = new Readable({ read: () => undefined });
    body.push('a');
    then(body);
    const sent = expect(sendOn(response, body)).rejects.toThrow('Premature close');
    while (body.readableLength > 0) await once(body, 'data');
    response.emit('timeout', socket);
    expect(socket.destroyed).toBe(true);
    await sent;
  },
);
