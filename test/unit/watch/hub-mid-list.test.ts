import { expect, it } from 'vitest';
import { setupHub } from './support/hub-setup.ts';
import { flush } from './support/manual-clock.ts';
import { added, GONE, listEnd } from './support/objects.ts';
import { take } from './support/reader.ts';

/** A replica whose first list is empty at 10, and whose next one, after a 410, is `frames`. */
async function relisted(frames: readonly string[]) {
  const setup = setupHub();
  const subscription = setup.subscribe();
  const first = (await setup.upstream.nextCall()).open();
  first.write(listEnd(10));
  await take(subscription, 1);
  first.write(GONE);
  first.end();
  await flush();
  for (;;) {
    await setup.clock.advance(5_000);
    const call = await setup.upstream.nextCall();
    if (call.summary !== 'streaming list') continue;
    call.open().write(...frames);
    await flush();
    return { setup, subscription };
  }
}

it('who leaves in the middle of a new list, and resumes at a replica that has bridged the rest, loses no deletion', async () => {
  const one = await relisted([added('x', 15), added('y', 16), listEnd(20)]);
  const [x] = await take(one.subscription, 1);
  const other = await relisted([listEnd(30)]);
  const resumed = other.setup.subscribe({ resumeFrom: x?.cursor ?? '' });
  const [next] = await take(resumed, 1);
  // x is gone: a snapshot, or a deletion, has to say so.
  expect(next).not.toMatchObject({ type: 'SYNCED', isSnapshot: false });
});
