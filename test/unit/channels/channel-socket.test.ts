import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { ChannelSocket, receiveFrom } from '../../../src/channels/channel-socket.ts';
import { listening } from '../server/support/listening.ts';
import { ManualClock } from '../watch/support/manual-clock.ts';

interface Pair {
  readonly channels: ChannelSocket;
  /** What it goes over. */
  readonly socket: WebSocket;
  /** The other end. */
  readonly peer: WebSocket;
  readonly clock: ManualClock;
  /** What has arrived, as `channel:text`. */
  readonly received: readonly string[];
}

/** @param answersPings whether the other end does, as it has to. */
async function pair(answersPings = true): Promise<Pair> {
  const http = createServer();
  const server = new WebSocketServer({ server: http, autoPong: answersPings });
  const connected = once(server, 'connection');
  const socket = new WebSocket(`ws://127.0.0.1:${await listening(http)}`);
  onTestFinished(() => socket.terminate());
  const received: string[] = [];
  receiveFrom(socket, (channel, data) => received.push(`${channel}:${data.toString()}`));
  await once(socket, 'open');
  const clock = new ManualClock();
  const [peer] = (await connected) as [WebSocket];
  return { channels: new ChannelSocket(socket, clock), socket, peer, clock, received };
}

const MINUTE_MS = 60_000;

describe('a socket with channels', () => {
  it('puts the channel before the bytes, and takes it off', async () => {
    const { channels, peer, received } = await pair();
    const heard = once(peer, 'message');
    await channels.send(7, Buffer.from('abc'));
    expect(String((await heard)[0])).toBe('\u0007abc');
    peer.send(Buffer.from('\u0001x'));
    peer.send(Buffer.from('\u0002'));
    peer.close(1000);
    await channels.ended;
    expect(received).toEqual(['1:x', '2:']);
  });

  it('takes no texts and nothing without a channel', async () => {
    const { channels, peer, received } = await pair();
    peer.send('1text');
    peer.send(Buffer.alloc(0));
    peer.close(1000);
    await channels.ended;
    expect(received).toEqual([]);
  });

  it.each([
    ['said goodbye', (peer: WebSocket) => peer.close(1000), true],
    ['gave up', (peer: WebSocket) => peer.close(1011), false],
    ['is gone', (peer: WebSocket) => peer.terminate(), false],
  ])('tells whether the other end %s', async (_, end, isRegular) => {
    const { channels, peer } = await pair();
    end(peer);
    expect(await channels.ended).toEqual({ isRegular });
    await channels.send(0, Buffer.from('nobody is there'));
  });

  it('ends regularly when it is closed here', async () => {
    const { channels } = await pair();
    channels.close();
    expect(await channels.ended).toEqual({ isRegular: true });
  });
});

describe('a quiet connection', () => {
  it('is pinged, and stays while the other end answers', async () => {
    const { peer, socket, clock } = await pair();
    for (let pings = 0; pings < 10; pings++) {
      const ping = once(peer, 'ping');
      const pong = once(socket, 'pong');
      await clock.advance(MINUTE_MS / 4);
      await Promise.all([ping, pong]);
    }
    expect(peer.readyState).toBe(WebSocket.OPEN);
  });

  it('is ended when the other end has not even answered pings for a minute', async () => {
    const { peer, channels, clock } = await pair(false);
    const closed = once(peer, 'close');
    for (let pings = 0; pings < 4; pings++) {
      const ping = once(peer, 'ping');
      await clock.advance(MINUTE_MS / 4);
      await ping;
    }
    await clock.advance(MINUTE_MS / 4);
    expect(await channels.ended).toEqual({ isRegular: false });
    await closed;
    expect(clock.pendingMs).toEqual([]);
  });

  it('is not taken for gone while nothing is read here', async () => {
    const { peer, channels, clock } = await pair(false);
    channels.pause();
    await clock.advance(5 * MINUTE_MS);
    const heard = once(peer, 'message');
    await channels.send(0, Buffer.from('still there'));
    await heard;
    channels.terminate();
    await channels.ended;
  });
});
