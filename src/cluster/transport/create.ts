import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { assertNever } from '../../util/assert-never.ts';
import { type Clock, systemClock } from '../clock.ts';
import { bearer } from '../credentials/authorization.ts';
import type { Credential, CredentialSource, OnWarning } from '../credentials/credential.ts';
import type { ExecPolicy } from '../credentials/exec/source.ts';
import { kubeconfigCredentials } from '../credentials/kubeconfig-source.ts';
import { isBearerToken } from '../header-value.ts';
import type { Identity } from '../identity.ts';
import type { ClusterTarget } from '../kubeconfig/target.ts';
import type { RawAnswer, RawUpgrade, RawUpstream } from '../raw.ts';
import type { Upstream, UpstreamAnswer, UpstreamRequest } from '../upstream.ts';
import { Connections } from './connections.ts';
import { forwardCall, isRawRead, upgradeCall } from './raw/call.ts';
import { isRead } from './read-only.ts';
import { type Caller, sendCall } from './send.ts';

export interface CreateUpstreamOptions {
  readonly target: ClusterTarget;
  /**
   * `kubeconfig`: identities of both kinds are served. `passthrough`: only `bearer` ones are, and the kubeconfig's own
   * credentials are never read.
   */
  readonly mode: 'kubeconfig' | 'passthrough';
  /** Whether everything but reads and self-subject reviews is refused before anything is sent. */
  readonly readOnly: boolean;
  /** Whether a credential plugin may run. */
  readonly execPolicy: ExecPolicy;
  /** Milliseconds that one run of a plugin may take. Default `DEADLINES.execMs`. */
  readonly execTimeLimitMs?: number;
  /** What a plugin inherits. Default: this process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Whether a plugin can ask somebody. Default: whether stdin is a terminal. */
  readonly hasTerminal?: boolean;
  /** Told about files that cannot be read again. The messages name paths: they are for the log. Default: nobody is told. */
  readonly onWarning?: OnWarning;
  /** Default: the system's. */
  readonly clock?: Clock;
}

/** Both ways: for what is understood here, and for what is passed on. */
export interface ClusterUpstream extends Upstream, RawUpstream {}

/**
 * The way to one API server.
 *
 * Nothing is connected, read or run before the first call. Beside what `Upstream` promises, `send` rejects with
 * UNAUTHENTICATED for an identity that cannot be used here, BAD_USER_INPUT for a path or header that cannot be sent, and
 * UPSTREAM_ERROR for something that is not an HTTP answer.
 */
export function createUpstream(options: CreateUpstreamOptions): ClusterUpstream {
  const callers = new Callers(options);
  const refuseWrites = (isWrite: boolean): void => {
    if (options.readOnly && isWrite)
      throw new KubegraphError('READ_ONLY', 'the gateway runs read-only: it sends no writes');
  };
  return {
    send: async (request): Promise<UpstreamAnswer> => {
      refuseWrites(!isRead(request.method, request.path));
      return sendCall(request, callers.callerFor(request));
    },
    forward: async (request): Promise<RawAnswer> => {
      refuseWrites(!isRawRead(request));
      return forwardCall(request, callers.callerFor(request));
    },
    upgrade: async (request): Promise<RawUpgrade> => {
      refuseWrites(!isRawRead(request));
      return upgradeCall(request, callers.callerFor(request));
    },
    close: () => callers.close(),
  };
}

/** Keeps what belongs to the kubeconfig apart from what belongs to callers: credentials, impersonation and connections. */
class Callers {
  readonly #options: CreateUpstreamOptions;
  readonly #clock: Clock;
  #own: CredentialSource | undefined;
  readonly #ownConnections: Connections;
  readonly #foreignConnections: Connections;

  constructor(options: CreateUpstreamOptions) {
    const clock = options.clock ?? systemClock;
    const onWarning = options.onWarning ?? (() => undefined);
    this.#options = options;
    this.#clock = clock;
    this.#ownConnections = new Connections(options.target, clock, onWarning);
    this.#foreignConnections = new Connections(options.target, clock, onWarning);
  }

  callerFor({ identity }: Pick<UpstreamRequest, 'identity'>): Caller {
    const { target } = this.#options;
    // A further kind of identity, for example one that impersonates a verified user, gets its own case here.
    switch (identity.kind) {
      case 'kubeconfig':
        return {
          target,
          clock: this.#clock,
          credentials: this.#kubeconfigCredentials(),
          impersonation: target.impersonation,
          connections: this.#ownConnections,
        };
      case 'bearer':
        return {
          target,
          clock: this.#clock,
          credentials: tokenCredentials(identity),
          impersonation: undefined,
          connections: this.#foreignConnections,
        };
      default:
        return assertNever(identity, 'identity');
    }
  }

  #kubeconfigCredentials(): CredentialSource {
    if (this.#options.mode === 'kubeconfig') {
      // Not before they are needed: they may be files that only this identity may read.
      this.#own ??= kubeconfigCredentials(this.#options.target.credentials, this.#options);
      return this.#own;
    }
    throw new KubegraphError(
      'UNAUTHENTICATED',
      'send a bearer token: the gateway has no credentials of its own',
    );
  }

  async close(): Promise<void> {
    this.#own?.close();
    await Promise.all([this.#ownConnections.close(), this.#foreignConnections.close()]);
  }
}

function tokenCredentials({ token }: Extract<Identity, { kind: 'bearer' }>): CredentialSource {
  if (!isBearerToken(token)) {
    throw new KubegraphError(
      'UNAUTHENTICATED',
      'the bearer token is empty or has characters that no token has',
    );
  }
  const credential: Credential = { authorization: bearer(token), certificate: undefined };
  return {
    current: () => Promise.resolve(credential),
    renew: () => Promise.resolve(false),
    close: () => undefined,
  };
}
