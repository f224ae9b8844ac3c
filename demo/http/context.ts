import type { Clock, Random } from '../api/clock.ts';
import type { LogSource } from '../streams/logs.ts';
import type { Cluster, HandleResource } from '../verbs/request.ts';
import type { ServerAccess } from './access.ts';
import type { Documents } from './documents.ts';
import type { Interceptor } from './interceptor.ts';

/** What answers of the server are made from. */
export interface ServerContext {
  readonly cluster: Cluster;
  readonly documents: Documents;
  readonly logs: LogSource;
  readonly handle: HandleResource;
  readonly access: ServerAccess;
  readonly clock: Clock;
  /** For audit ids. */
  readonly random: Random;
  readonly interceptor: Interceptor | undefined;
}
