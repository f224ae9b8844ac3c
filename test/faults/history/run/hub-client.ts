import { KUBECONFIG_IDENTITY } from '../../../../src/cluster/identity.ts';
import { CODES, type Code } from '../../../../src/errors/codes.ts';
import type { WatchEvent } from '../../../../src/watch/event.ts';
import type { WatchHub } from '../../../../src/watch/hub.ts';
import type { Start } from '../record.ts';
import { type Client, type Heard, SubscriptionEnded } from './client.ts';
import { contentOf, type WatchedObject } from './objects.ts';

/** Subscribes in this process. @param coalesces asks for the latest states only. */
export function hubClient(hub: WatchHub, { coalesces = false } = {}): Client {
  return {
    async *subscribe(scope, start, signal) {
      const options = { ...optionsOf(start), coalesces, signal };
      try {
        for await (const event of hub.subscribe(KUBECONFIG_IDENTITY, scope.watch, options))
          yield heard(event);
      } catch (error) {
        throw endedBy(error) ?? error;
      }
    },
  };
}

function optionsOf(start: Start): {
  readonly resumeFrom?: string;
  readonly known?: ReadonlyMap<string, string>;
  readonly initial?: boolean;
} {
  if (start.kind === 'fresh') return {};
  if (start.kind === 'changes') return { initial: false };
  const known =
    start.known === undefined
      ? {}
      : { known: new Map(Array.from(start.known, ([key, { version }]) => [key, `${version}`])) };
  return start.kind === 'known' ? known : { resumeFrom: start.cursor, ...known };
}

function heard(event: WatchEvent): Heard {
  const { type, isSnapshot, cursor } = event;
  if (type === 'SYNCED') return { type, isSnapshot, cursor };
  const { key } = event;
  if (event.object === undefined) {
    return { type, key, uid: undefined, version: undefined, content: undefined, isSnapshot, cursor };
  }
  // What the API server of this test serves.
  const object = JSON.parse(event.object.toString('utf8')) as WatchedObject;
  const { uid, resourceVersion } = object.metadata;
  return { type, key, uid, version: Number(resourceVersion), content: contentOf(object), isSnapshot, cursor };
}

/** Known by its shape: a hub that was bundled for a test has error classes of its own. */
function endedBy(error: unknown): SubscriptionEnded | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('extensions' in error)) return undefined;
  // A KubegraphError.
  const { code, extensions } = error as unknown as { code: Code; extensions: { readonly cursor?: string } };
  return new SubscriptionEnded(code, CODES[code].retryable, extensions.cursor);
}
