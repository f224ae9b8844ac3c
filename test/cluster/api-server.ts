import type { ApiClient } from './api.ts';
import { createApiClient, messageOf } from './api.ts';
import type { Layout } from './layout.ts';
import { end } from './processes.ts';
import { startRecorded } from './recorded-start.ts';
import { requireState } from './state.ts';
import { waitUntil } from './wait.ts';

/** A loaded machine may need many times the usual 3 seconds. */
const READY_TIMEOUT_MS = 120_000;

/** Waits until the API server says that it is ready. */
export async function waitUntilReady(api: ApiClient, signal: AbortSignal | undefined): Promise<void> {
  const check = async () => {
    try {
      const answer = await api.send({ path: '/readyz' });
      return answer.status === 200 ? undefined : messageOf(answer);
    } catch (error) {
      // Not listening yet: the usual answer for the first seconds.
      return error instanceof Error ? error.message : String(error);
    }
  };
  await waitUntil('the API server is ready', check, { timeoutMs: READY_TIMEOUT_MS, signal });
}

/** Ends only the API server. Everything else keeps running and waits for it. */
export async function stopApiServer(layout: Layout): Promise<void> {
  await end(requireState(layout).processes.filter(({ name }) => name === 'kube-apiserver'));
}

/** Starts the API server again on the same port and the same etcd, and waits until it is ready. */
export async function startApiServer(layout: Layout): Promise<void> {
  const failure = new AbortController();
  const { server } = startRecorded(layout, ['kube-apiserver'], (error) => failure.abort(error));
  const api = await createApiClient(layout, server);
  try {
    await waitUntilReady(api, failure.signal);
  } finally {
    api.close();
  }
}
