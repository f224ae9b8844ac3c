import { inject } from 'vitest';

/** Which of the two servers the suite runs against: the one in memory, or the real control plane, which is right. */
export type ServerKind = 'demo' | 'real';

/** What the set-up of either side says about the server under test. */
export interface ServerUnderTest {
  readonly kind: ServerKind;
  /** `https://HOST:PORT`. */
  readonly url: string;
  /** PEM text of the authority that signed the server's certificate. */
  readonly ca: string;
  /** Bearer tokens of the two users; see test/cluster/README.md for what the viewer may. */
  readonly tokens: { readonly admin: string; readonly viewer: string };
  /** Paths of the same two users' kubeconfigs. */
  readonly kubeconfigs: { readonly admin: string; readonly viewer: string };
}

declare module 'vitest' {
  export interface ProvidedContext {
    serverUnderTest: ServerUnderTest;
  }
}

export function serverUnderTest(): ServerUnderTest {
  return inject('serverUnderTest');
}
