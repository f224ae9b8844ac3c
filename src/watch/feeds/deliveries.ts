import type { ChangeDelivery, ChangeEvent, ChangeType } from '../event.ts';
import { incarnationOf, type ObservedObject } from '../wire/observed-object.ts';

interface Occasion {
  readonly type: ChangeType;
  readonly before?: Buffer | undefined;
  readonly isSnapshot?: boolean;
  readonly cursor: string;
  readonly receivedAt: number;
}

/** What subscribers are told of `object`. */
export function deliveryOf(object: ObservedObject, occasion: Occasion): ChangeDelivery {
  const { type, before, isSnapshot = false, cursor, receivedAt } = occasion;
  const { key, resourceVersion, bytes } = object;
  return {
    id: incarnationOf(object),
    resourceVersion,
    event: { type, key, object: bytes, before, isSnapshot, cursor, receivedAt },
  };
}

/** Bytes that an event keeps. */
export function bytesOf({ object, before }: ChangeEvent): number {
  return (object?.length ?? 0) + (before?.length ?? 0);
}
