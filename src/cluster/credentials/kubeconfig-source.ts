import { type Clock, systemClock } from '../clock.ts';
import type { Authorization, UserCredentials } from '../kubeconfig/target.ts';
import { authorizationSource } from './authorization.ts';
import { certificateSource } from './certificate.ts';
import type { Credential, CredentialSource, OnWarning } from './credential.ts';
import { type ExecOptions, execSource } from './exec/source.ts';

export interface CredentialOptions extends ExecOptions {
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Default: nobody is told. */
  readonly onWarning?: OnWarning;
}

/** The credentials of the kubeconfig's user, as its entry describes them. Runs and reads nothing before they are asked for. */
export function kubeconfigCredentials(user: UserCredentials, options: CredentialOptions): CredentialSource {
  const clock = options.clock ?? systemClock;
  const onWarning = options.onWarning ?? (() => undefined);
  if (user.authorization.kind === 'exec') return execSource(user.authorization.plugin, { ...options, clock });
  return plainSource(user, user.authorization, clock, onWarning);
}

function plainSource(
  user: UserCredentials,
  from: Exclude<Authorization, { kind: 'exec' }>,
  clock: Clock,
  onWarning: OnWarning,
): CredentialSource {
  const authorization = authorizationSource(from, clock, onWarning);
  const certificate = certificateSource(user.clientCertificate, clock, onWarning);
  let last: Credential = { authorization: undefined, certificate: undefined };
  const current = async (): Promise<Credential> => {
    const next = { authorization: await authorization.current(), certificate: await certificate.current() };
    const isSame = next.authorization === last.authorization && next.certificate === last.certificate;
    if (!isSame) last = next;
    return last;
  };
  return {
    current,
    renew: async (refused) => {
      await Promise.all([authorization.renew(), certificate.renew()]);
      return (await current()) !== refused;
    },
    close: () => undefined,
  };
}
