import { stringify } from 'yaml';
import type { KeyPair } from './certificates.ts';

export interface KubeconfigOptions {
  readonly url: string;
  /** PEM text. */
  readonly ca: string;
  readonly user: string;
  readonly certificate: KeyPair;
  /** Written in place of the certificate. */
  readonly token?: string;
}

/** A kubeconfig of one context, with everything inline so that it can be moved. */
export function kubeconfigText(options: KubeconfigOptions): string {
  const { url, ca, user, certificate, token } = options;
  const name = 'kubegraph-demo';
  const credentials =
    token === undefined
      ? { 'client-certificate-data': base64(certificate.cert), 'client-key-data': base64(certificate.key) }
      : { token };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server: url, 'certificate-authority-data': base64(ca) } }],
    users: [{ name: user, user: credentials }],
    contexts: [{ name, context: { cluster: name, user, namespace: 'default' } }],
  };
  // Folded lines inside base64 are legal YAML, but not every reader copes.
  return stringify(config, { lineWidth: 0 });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
