import type { Secret } from '../secret.ts';

/** What one request authenticates with. Never changes; another one takes its place. */
export interface Credential {
  /** The whole value of the `authorization` header. */
  readonly authorization: Secret | undefined;
  readonly certificate: ClientCertificate | undefined;
}

export interface ClientCertificate {
  /** PEM, intermediates included. */
  readonly certificate: string;
  readonly key: Secret;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Where credentials come from, and come from again when they have been refused. */
export interface CredentialSource {
  /** Rejects with CREDENTIALS_UNAVAILABLE. */
  current(): Promise<Credential>;
  /**
   * To be called after a 401 for `refused`: whether `current` has another credential now. Never rejects.
   */
  renew(refused: Credential): Promise<boolean>;
  /** Ends a plugin that is running. */
  close(): void;
}

/** Told about what goes on working but should be looked at, for example a token file that cannot be read any more. */
export type OnWarning = (message: string, cause?: unknown) => void;
