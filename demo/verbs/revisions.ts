import { ApiError } from '../api/status.ts';
import { badRequest, tooLargeResourceVersion } from './errors.ts';
import type { Cluster } from './request.ts';

/** How long a request waits for a revision that is not there yet: that of another server, perhaps. */
const FRESHNESS_WAIT_MS = 3000;

/** @throws ApiError 400, as lists answer a resourceVersion that is no number */
export function listRevision(text: string): number {
  if (!isNumber(text)) throw badRequest(`invalid resource version: ${syntaxError(text)}`);
  return Number(text);
}

/** @throws ApiError 500 without a reason, as watches and gets answer a resourceVersion that is no number */
export function readRevision(text: string): number {
  if (!isNumber(text)) throw new ApiError(500, syntaxError(text));
  return Number(text);
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}

function syntaxError(text: string): string {
  const quoted = JSON.stringify(text);
  return `resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: invalid syntax`;
}

/**
 * Waits until the store is at least at `revision`.
 *
 * @throws ApiError 504 when it is not within three seconds
 */
export async function waitForRevision({ store, clock }: Cluster, revision: number): Promise<void> {
  if (store.revision >= revision) return;
  await new Promise<void>((resolve) => {
    clock.after(FRESHNESS_WAIT_MS, resolve);
  });
  if (store.revision < revision) throw tooLargeResourceVersion(revision, store.revision);
}
