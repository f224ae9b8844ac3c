import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { KubegraphError } from '../../errors/kubegraph-error.ts';
import type { Clock } from '../clock.ts';
import type { ClientCertificateSource } from '../kubeconfig/target.ts';
import { expiryOf, keyPairProblem } from '../pem.ts';
import { Secret } from '../secret.ts';
import { FRESHNESS } from '../timeouts.ts';
import type { ClientCertificate, OnWarning } from './credential.ts';
import { Reread } from './reread.ts';

/** The client certificate of the kubeconfig; files are read again as they rotate. */
export function certificateSource(
  from: ClientCertificateSource | undefined,
  clock: Clock,
  onWarning: OnWarning,
): { current(): Promise<ClientCertificate | undefined>; renew(): Promise<unknown> } {
  if (from === undefined)
    return { current: () => Promise.resolve(undefined), renew: () => Promise.resolve() };
  if (from.kind === 'data') {
    const fixed = clientCertificate(from.certificate, from.key.reveal());
    return { current: () => Promise.resolve(fixed), renew: () => Promise.resolve() };
  }
  const { certificatePath, keyPath } = from;
  let last = readFirst(certificatePath, keyPath);
  const files = new Reread({
    initial: last,
    freshMs: FRESHNESS.certificateFileMs,
    clock,
    onFailure: (error) =>
      onWarning(
        `the client certificate ${certificatePath} cannot be read again; the last one stays in use`,
        error,
      ),
    read: async () => {
      const [certificate, key] = await Promise.all([
        readFile(certificatePath, 'utf8'),
        readFile(keyPath, 'utf8'),
      ]);
      // Between the writing of the two files they do not match: keep the last pair until they do.
      const problem = keyPairProblem(certificate, key);
      if (problem !== undefined) throw new Error(problem);
      if (certificate !== last.certificate || key !== last.key.reveal())
        last = clientCertificate(certificate, key);
      return last;
    },
  });
  return { current: () => files.current(), renew: () => files.reread() };
}

/** They were there when the kubeconfig was loaded; there is no last pair to go on with yet. */
function readFirst(certificatePath: string, keyPath: string): ClientCertificate {
  try {
    return clientCertificate(readFileSync(certificatePath, 'utf8'), readFileSync(keyPath, 'utf8'));
  } catch (cause) {
    const message = 'the client certificate that the kubeconfig names cannot be read';
    throw new KubegraphError('CREDENTIALS_UNAVAILABLE', message, { cause });
  }
}

export function clientCertificate(certificate: string, key: string): ClientCertificate {
  return { certificate, key: new Secret(key), expiresAt: expiryOf(certificate) };
}
