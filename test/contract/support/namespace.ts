import { randomBytes } from 'node:crypto';
import { atEnd } from '../../real/support/at-end.ts';
import { waitUntil } from '../../cluster/wait.ts';
import { admin } from './api.ts';
import { created } from './objects.ts';

/** A name that no other suite or run has. */
export function uniqueName(): string {
  return `kg-${randomBytes(5).toString('hex')}`;
}

/** Makes a namespace that goes with everything in it after the file's last test. It has its service account. */
export async function newNamespace(): Promise<string> {
  const name = uniqueName();
  await created('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  atEnd(() => admin.delete(`/api/v1/namespaces/${name}`));
  const isReady = async () => {
    const { status } = await admin.get(`/api/v1/namespaces/${name}/serviceaccounts/default`);
    return status === 200 ? undefined : `status ${status}`;
  };
  await waitUntil(`${name} has a service account`, isReady, { timeoutMs: 30_000 });
  return name;
}
