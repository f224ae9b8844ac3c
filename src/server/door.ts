import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** A way in beside GraphQL, for what is no GraphQL. Whether a page may ask at all has been looked at before. */
export interface Door {
  /** Never rejects: what fails is answered. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Takes over a connection that asks to be upgraded. Never rejects. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => Promise<void>;
  /** Ends what would go on for ever. */
  readonly close: () => void;
}
