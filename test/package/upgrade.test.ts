import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { subscribeOverSse } from '../real/support/event-stream.ts';
import { subscribeOverWebSocket } from '../real/support/websocket.ts';
import { installed, startDemo } from './support/command-line.ts';

test('an upgrade that takes the files away breaks nothing in a gateway that runs', async () => {
  const program = installed();
  const { url, hasReadAll } = await startDemo(program);
  // Also what only some clients need, before any of them has come.
  await hasReadAll;
  rmSync(path.dirname(program), { recursive: true });
  const document = 'subscription { nodes { type cursor object { metadata { name } } } }';
  for (const stream of [await subscribeOverSse(url, document), subscribeOverWebSocket(url, document)]) {
    expect(await stream.event()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'node-1' } } });
    await stream.close();
  }
});
