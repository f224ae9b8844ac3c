import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { protobufToJson } from '../../../demo/http/protobuf/decode.ts';
import { type WatchedObject, versionOf } from '../../faults/history/run/objects.ts';
import { Truth } from '../../faults/history/truth.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { layoutOf } from '../../cluster/layout.ts';
import { requireState } from '../../cluster/state.ts';

/** What etcd's JSON gateway says of one event. Keys and values are base64. */
interface EtcdEvent {
  readonly type?: 'DELETE';
  readonly kv: { readonly mod_revision: string; readonly value?: string };
  readonly prev_kv?: { readonly value: string };
}

interface EtcdAnswer {
  readonly result?: { readonly events?: readonly EtcdEvent[]; readonly canceled?: boolean };
}

/** As much of a stored object as field selectors ask for. */
interface StoredObject extends WatchedObject {
  readonly status?: { readonly phase?: string };
}

/** The truth about one kind, read from etcd itself: no API server, and none of its restarts, comes between. */
export interface EtcdHistory {
  readonly truth: Truth;
  /** Rejects when etcd ends it, and resolves when `close` does. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Follows all that was ever written of a core kind, of `pods` for one. It must not have been compacted yet. */
export async function etcdHistory(cluster: Pick<Cluster, 'dir'>, resource: string): Promise<EtcdHistory> {
  const truth = new Truth();
  const closing = new AbortController();
  const answer = await fetch(`${etcdUrl(cluster)}/v3/watch`, {
    method: 'POST',
    body: JSON.stringify({ create_request: { ...keysOf(resource), start_revision: '1', prev_kv: true } }),
    signal: closing.signal,
  });
  if (!answer.ok || answer.body === null) throw new Error(`etcd is not watched: ${answer.status}`);
  const lines = createInterface(Readable.from(answer.body));
  const follow = async (): Promise<void> => {
    try {
      for await (const line of lines) note(truth, resource, line);
    } catch (error) {
      if (!closing.signal.aborted) throw error;
    }
  };
  const ended = follow();
  // Looked at in the end.
  ended.catch(() => undefined);
  return { truth, ended, close: () => closing.abort() };
}

/** Forgets all revisions but the newest, as the API server has etcd do every five minutes. */
export async function compactEtcd(cluster: Pick<Cluster, 'dir'>): Promise<void> {
  const post = (call: string, body: object) =>
    fetch(`${etcdUrl(cluster)}/v3/kv/${call}`, { method: 'POST', body: JSON.stringify(body) });
  const range = await post('range', { key: 'AA==' });
  const { header } = (await range.json()) as { readonly header: { readonly revision: string } };
  const answer = await post('compaction', { revision: header.revision, physical: true });
  if (!answer.ok) throw new Error(`etcd was not compacted: ${answer.status} ${await answer.text()}`);
}

function etcdUrl({ dir }: Pick<Cluster, 'dir'>): string {
  return `http://127.0.0.1:${requireState(layoutOf(dir)).ports.etcd}`;
}

function keysOf(resource: string): { readonly key: string; readonly range_end: string } {
  const encode = (text: string) => Buffer.from(text).toString('base64');
  // `0` is what follows `/`.
  return { key: encode(`/registry/${resource}/`), range_end: encode(`/registry/${resource}0`) };
}

function note(truth: Truth, resource: string, line: string): void {
  // What etcd's gateway writes.
  const { result } = JSON.parse(line) as EtcdAnswer;
  if (result === undefined || result.canceled === true) throw new Error(`etcd has ended the watch: ${line}`);
  for (const { type, kv, prev_kv } of result.events ?? []) {
    const isDeletion = type === 'DELETE';
    const value = isDeletion ? prev_kv?.value : kv.value;
    // The kinds that are asked for.
    const object = JSON.parse(protobufToJson(Buffer.from(value ?? '', 'base64')).toString()) as StoredObject;
    const fields = { 'status.phase': object.status?.phase ?? '' };
    truth.note({ resource, isDeletion, version: versionOf(object, Number(kv.mod_revision), fields) });
  }
}
