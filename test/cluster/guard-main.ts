import { text } from 'node:stream/consumers';
import { down } from './down.ts';
import { DISMISSAL } from './guard.ts';
import { layoutOf } from './layout.ts';
import { withLock } from './lock.ts';

/** The program that `startGuard` starts: waits for the end of its input, then ends the cluster if nobody said not to. */
async function main(dir: string): Promise<void> {
  if ((await text(process.stdin)) === DISMISSAL) return;
  // A new start in the same directory must not mix with this end.
  await withLock(layoutOf(dir).lock, { timeoutMs: 60_000 }, () => down(dir));
}

await main(process.argv[2] ?? '');
