import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { readCredentials } from './certificates.ts';
import type { CertificateName, ClientCredentials } from './certificates.ts';
import type { Layout } from './layout.ts';

/** Writes the kubeconfigs of the two people and of the programs. */
export async function writeKubeconfigs(layout: Layout, server: string): Promise<void> {
  const files: readonly (readonly [CertificateName, string])[] = [
    ['admin', layout.kubeconfig],
    ['viewer', layout.viewerKubeconfig],
    ['controller-manager', join(layout.pki, 'controller-manager.kubeconfig')],
    ['scheduler', join(layout.pki, 'scheduler.kubeconfig')],
    ['kwok', join(layout.pki, 'kwok.kubeconfig')],
  ];
  const write = async ([user, path]: readonly [CertificateName, string]) => {
    const text = kubeconfigOf(server, user, await readCredentials(layout, user));
    await writeFile(path, text, { mode: 0o600 });
  };
  await Promise.all(files.map(write));
}

/** A kubeconfig with everything inside, so that the file can be copied elsewhere. */
function kubeconfigOf(server: string, user: string, credentials: ClientCredentials): string {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const name = 'kubegraph-test';
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(credentials.ca) } }],
    contexts: [{ name, context: { cluster: name, user } }],
    users: [
      {
        name: user,
        user: {
          'client-certificate-data': base64(credentials.certificate),
          'client-key-data': base64(credentials.key),
        },
      },
    ],
  });
}
