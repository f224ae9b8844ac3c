import type { ChangeDelivery, ChangeType, WatchEvent } from '../../../../src/watch/event.ts';

export interface ObjectOptions {
  readonly uid?: string;
  readonly namespace?: string;
}

/** A ConfigMap as the API server writes it. */
export function objectJson(name: string, resourceVersion: number, options: ObjectOptions = {}): string {
  const { uid = `uid-${name}`, namespace = 'default' } = options;
  const metadata = { name, namespace, uid, resourceVersion: String(resourceVersion) };
  return JSON.stringify({ kind: 'ConfigMap', apiVersion: 'v1', metadata });
}

export function frame(type: string, object: string): string {
  return `{"type":"${type}","object":${object}}\n`;
}

export function added(name: string, version: number, options?: ObjectOptions): string {
  return frame('ADDED', objectJson(name, version, options));
}

export function modified(name: string, version: number, options?: ObjectOptions): string {
  return frame('MODIFIED', objectJson(name, version, options));
}

export function deleted(name: string, version: number, options?: ObjectOptions): string {
  return frame('DELETED', objectJson(name, version, options));
}

export function bookmark(version: number): string {
  return frame(
    'BOOKMARK',
    JSON.stringify({ kind: 'ConfigMap', metadata: { resourceVersion: String(version) } }),
  );
}

/** The bookmark that ends a streaming list. */
export function listEnd(version: number): string {
  const annotations = { 'k8s.io/initial-events-end': 'true' };
  const metadata = { resourceVersion: String(version), annotations };
  return frame('BOOKMARK', JSON.stringify({ kind: 'ConfigMap', metadata }));
}

export function status(code: number, reason: string, details: object = {}): object {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    message: `answer ${code}`,
    reason,
    code,
    details,
  };
}

export function errorFrame(code: number, reason: string, details: object = {}): string {
  return frame('ERROR', JSON.stringify(status(code, reason, details)));
}

export const GONE = errorFrame(410, 'Expired');

/** A page of a list of a built-in kind. */
export function listPage(version: number, items: readonly string[], continueToken?: string): string {
  const metadata = JSON.stringify({ resourceVersion: String(version), continue: continueToken });
  return `{"kind":"ConfigMapList","apiVersion":"v1","metadata":${metadata},"items":[${items.join(',')}]}`;
}

interface Parsed {
  readonly metadata: { readonly name: string; readonly uid: string; readonly resourceVersion: string };
}

export function parseObject(bytes: Buffer): Parsed['metadata'] {
  // The tests' own objects, see objectJson.
  return (JSON.parse(bytes.toString('utf8')) as Parsed).metadata;
}

/** `ADDED a@1` or `SYNCED`; `DELETED default/a` when nothing is known of the object but its key. */
export function label(event: WatchEvent): string {
  if (event.type === 'SYNCED') return 'SYNCED';
  if (event.object === undefined) return `${event.type} ${event.key}`;
  const { name, resourceVersion } = parseObject(event.object);
  return `${event.type} ${name}@${resourceVersion}`;
}

/** A change that a queue or a history may hold. `object` and `before` are so many bytes long. */
export function changeDelivery(
  id: string,
  options: { type?: ChangeType; cursor?: string; bytes?: number; before?: number } = {},
): ChangeDelivery {
  const { type = 'MODIFIED', cursor = '', bytes = 1, before } = options;
  return {
    id,
    resourceVersion: cursor,
    event: {
      type,
      key: id,
      object: Buffer.alloc(bytes),
      before: before === undefined ? undefined : Buffer.alloc(before),
      isSnapshot: false,
      cursor,
      receivedAt: 0,
    },
  };
}
