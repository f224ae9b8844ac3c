import type { Clock, Random } from '../api/clock.ts';
import type { Registry, ServedResource } from '../api/resource.ts';
import type { FieldManagement } from '../fields/fields.ts';
import type { SchemaSource } from '../schema/schema.ts';
import type { Store } from '../storage/store.ts';
import type { Access } from './authorization.ts';

export interface User {
  readonly name: string;
  readonly groups: readonly string[];
  /** Of users who are impersonated; the demo's own have none but their name. */
  readonly uid?: string;
  /** What else is known of users who are impersonated. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** A request for a resource, after authentication, authorization and routing. */
export interface ResourceRequest {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';
  readonly resource: ServedResource;
  readonly subresource: string | undefined;
  readonly namespace: string | undefined;
  /** Empty for collections. */
  readonly name: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  /** The body as it came; empty where there is none. */
  readonly body: Buffer;
  readonly user: User;
  /** The part of the User-Agent before the slash: the default field manager. */
  readonly userAgent: string;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  /** Adds a `Warning: 299` to the answer. */
  readonly warn: (text: string) => void;
}

/** What answers requests work with. */
export interface Cluster {
  readonly store: Store;
  readonly registry: Registry;
  readonly schemas: SchemaSource;
  readonly fields: FieldManagement;
  readonly clock: Clock;
  readonly random: Random;
  readonly access: Access;
}

/** An answer, before it is put into the form that the client asked for. */
export type Reply =
  | { readonly kind: 'object'; readonly status: number; readonly object: Readonly<Record<string, unknown>> }
  | {
      readonly kind: 'list';
      readonly resource: ServedResource;
      readonly objects: readonly Readonly<Record<string, unknown>>[];
      readonly metadata: ListMetadata;
    }
  | { readonly kind: 'watch'; readonly resource: ServedResource; readonly events: AsyncIterable<WatchFrame> }
  | { readonly kind: 'status'; readonly status: number; readonly object: Readonly<Record<string, unknown>> };

export interface ListMetadata {
  readonly resourceVersion: string;
  readonly continueToken?: string;
  readonly remainingItemCount?: number;
}

export interface WatchFrame {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: Readonly<Record<string, unknown>>;
}

export type HandleResource = (cluster: Cluster, request: ResourceRequest) => Promise<Reply>;
