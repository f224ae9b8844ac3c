import { KubegraphError } from '../../../errors/kubegraph-error.ts';
import { SingleFlight } from '../../../util/single-flight.ts';
import { type Clock, systemClock } from '../../clock.ts';
import type { ExecPlugin } from '../../kubeconfig/target.ts';
import { printable } from '../../printable.ts';
import { DEADLINES, FRESHNESS } from '../../timeouts.ts';
import type { Credential, CredentialSource } from '../credential.ts';
import { type ExecCredential, readExecCredential } from './answer.ts';
import { type RunOutcome, runPlugin } from './run.ts';

/** Whether the program that a kubeconfig names may run. A kubeconfig from elsewhere is code from elsewhere. */
export type ExecPolicy = 'allow' | 'deny';

export interface ExecOptions {
  readonly execPolicy: ExecPolicy;
  /** Milliseconds. Default `DEADLINES.execMs`. */
  readonly execTimeLimitMs?: number;
  /** What the plugin inherits. Default: this process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Whether there is somebody at the terminal to answer a plugin's questions. Default: whether stdin is one. */
  readonly hasTerminal?: boolean;
  readonly clock?: Clock;
}

/**
 * Credentials that a plugin prints. It runs when a credential is first needed, when the last one expires, and once when
 * the API server refuses one; never twice at the same time.
 */
export function execSource(plugin: ExecPlugin, options: ExecOptions): CredentialSource {
  const clock = options.clock ?? systemClock;
  const flights = new SingleFlight<ExecCredential>();
  const closing = new AbortController();
  let last: { readonly credential: ExecCredential; readonly usableUntil: number } | undefined;
  let renewal: Promise<boolean> | undefined;
  let renewedAt = Number.NEGATIVE_INFINITY;

  const obtain = (): Promise<ExecCredential> =>
    flights.do('', async () => {
      const credential = await obtainCredential(plugin, options, closing.signal);
      last = { credential, usableUntil: usableUntil(credential, clock.now()) };
      return credential;
    });
  const current = async (): Promise<Credential> => {
    // What is being replaced has been refused: nobody else need try it.
    await renewal;
    return last !== undefined && clock.now() < last.usableUntil ? last.credential : obtain();
  };
  const renew = async (refused: Credential): Promise<boolean> => {
    if (renewal !== undefined) return renewal;
    if (last !== undefined && last.credential !== refused) return true;
    // An API server that refuses everything must not keep the plugin running all the time.
    if (clock.now() - renewedAt < FRESHNESS.execRenewalMs) return false;
    renewedAt = clock.now();
    renewal = obtain()
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        renewal = undefined;
      });
    return renewal;
  };
  return { current, renew, close: () => closing.abort() };
}

/** A certificate's own end counts like an expirationTimestamp. */
function usableUntil(credential: ExecCredential, now: number): number {
  const end = Math.min(credential.expiresAt, credential.certificate?.expiresAt ?? Number.POSITIVE_INFINITY);
  return end - Math.min(FRESHNESS.execLeewayMs, Math.max(0, end - now) / 10);
}

async function obtainCredential(
  plugin: ExecPlugin,
  options: ExecOptions,
  signal: AbortSignal,
): Promise<ExecCredential> {
  if (options.execPolicy === 'deny') {
    throw unavailable(
      plugin,
      'may not run here; allow credential plugins or use a token or client certificate',
    );
  }
  const isInteractive = decideInteractive(plugin, options);
  const outcome = await runPlugin(plugin.command, plugin.args, {
    env: environment(plugin, isInteractive, options.env ?? process.env),
    isInteractive,
    timeLimitMs: options.execTimeLimitMs ?? DEADLINES.execMs,
    signal,
  });
  if (outcome.kind !== 'ok') throw failure(plugin, outcome);
  try {
    return readExecCredential(outcome.stdout, plugin.apiVersion);
  } catch (error) {
    throw unavailable(plugin, error instanceof Error ? error.message : 'printed no credential');
  }
}

function decideInteractive(plugin: ExecPlugin, options: ExecOptions): boolean {
  const hasTerminal = options.hasTerminal ?? process.stdin.isTTY;
  if (plugin.interactiveMode === 'Always' && !hasTerminal) {
    throw unavailable(
      plugin,
      'always asks questions (interactiveMode: Always), and there is no terminal to answer them',
    );
  }
  return plugin.interactiveMode !== 'Never' && hasTerminal;
}

function environment(
  plugin: ExecPlugin,
  isInteractive: boolean,
  inherited: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  const info = {
    kind: 'ExecCredential',
    apiVersion: plugin.apiVersion,
    spec: {
      ...(plugin.cluster === undefined ? {} : { cluster: plugin.cluster }),
      interactive: isInteractive,
    },
  };
  return {
    ...inherited,
    ...Object.fromEntries(plugin.env.map(({ name, value }) => [name, value])),
    KUBERNETES_EXEC_INFO: JSON.stringify(info),
  };
}

function failure(plugin: ExecPlugin, outcome: Exclude<RunOutcome, { kind: 'ok' }>): KubegraphError {
  const cause = outcome.stderr === '' ? outcome.detail : `${outcome.detail}; it printed: ${outcome.stderr}`;
  switch (outcome.kind) {
    case 'not-found': {
      const hint = printable(plugin.installHint);
      return unavailable(
        plugin,
        hint === '' ? 'is not installed' : `is not installed. Its hint: ${hint}`,
        cause,
      );
    }
    case 'not-started':
      return unavailable(plugin, 'could not be started', cause);
    default:
      return unavailable(plugin, outcome.detail, cause);
  }
}

function unavailable(plugin: ExecPlugin, problem: string, cause?: string): KubegraphError {
  const name = printable(plugin.command.split(/[\\/]/).at(-1) ?? plugin.command);
  // Where it is configured is for the log: clients of the gateway need not know its files.
  return new KubegraphError('CREDENTIALS_UNAVAILABLE', `the credential plugin ${name} ${problem}`, {
    cause: new Error(`${plugin.place}${cause === undefined ? '' : `: ${cause}`}`),
  });
}
