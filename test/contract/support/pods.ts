import { waitUntil } from '../../cluster/wait.ts';
import { at, textAt } from '../../real/support/exact-json.ts';
import { admin } from './api.ts';
import { created } from './objects.ts';

/** Creates a pod and waits until it runs. */
export async function runningPod(namespace: string, object: object): Promise<void> {
  const pod = await created(`/api/v1/namespaces/${namespace}/pods`, object);
  const name = textAt(pod, 'metadata', 'name');
  const waiting = async () => {
    const phase = at(
      (await admin.get(`/api/v1/namespaces/${namespace}/pods/${name}`)).json,
      'status',
      'phase',
    );
    return phase === 'Running' ? undefined : `it is ${JSON.stringify(phase)}`;
  };
  await waitUntil(`${name} runs`, waiting, { timeoutMs: 15_000 });
}
