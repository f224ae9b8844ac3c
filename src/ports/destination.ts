import type { Socket } from 'node:net';
import type { Identity } from '../cluster/identity.ts';
import type { RawUpstream } from '../cluster/raw.ts';
import type { Upstream } from '../cluster/upstream.ts';
import { findPod, type FoundPod } from './find-pod.ts';
import { forwardConnection } from './forward.ts';
import type { ForwardTarget } from './forward-target.ts';

export interface DestinationOptions {
  readonly upstream: Upstream & RawUpstream;
  readonly identity: Identity;
  readonly namespace: string;
  readonly target: ForwardTarget;
  readonly remotes: readonly (number | string)[];
}

/** Where connections go: a pod that has been chosen, and another one after that has failed. */
export class Destination {
  readonly #options: DestinationOptions;
  #found: Promise<FoundPod> | undefined;

  constructor(options: DestinationOptions) {
    this.#options = options;
  }

  /** Rejects as `findPod` does, and looks again then. */
  find(): Promise<FoundPod> {
    const found = (this.#found ??= findPod(this.#options));
    found.catch(() => this.#forget(found));
    return found;
  }

  /**
   * Joins a connection with one to the pod, until either ends. Rejects as `find` and `forwardConnection` do; the connection is
   * reset then.
   *
   * @param index of the port, in the order of `remotes`.
   */
  async forward(connection: Socket, index: number): Promise<void> {
    const { upstream, identity, namespace } = this.#options;
    const found = this.find();
    try {
      const { pod, ports } = await found;
      const port = ports[index];
      if (port === undefined) throw new Error(`there is no port ${index}`);
      await forwardConnection(connection, { upstream, identity, to: { namespace, pod, port } });
    } catch (error) {
      // The pod may be gone, while what it was chosen for has others.
      this.#forget(found);
      connection.resetAndDestroy();
      throw error;
    }
  }

  #forget(found: Promise<FoundPod>): void {
    if (this.#found === found) this.#found = undefined;
  }
}
