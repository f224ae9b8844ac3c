import { CODES } from '../../errors/codes.ts';
import type { KubegraphError } from '../../errors/kubegraph-error.ts';
import { isJsonObject } from '../../util/json.ts';

/**
 * What a failure means for a reflector.
 *
 *   gone       the API server has forgotten our position: list again
 *   ahead      it has not reached our position, and may never do so (a restored etcd): list again, but not at once
 *   transient  the same request may succeed later
 *   fatal      it will not
 */
export type Verdict = 'gone' | 'ahead' | 'transient' | 'fatal';

/** @param confirmed whether the API server has answered this reflector before; later on more can be sat out. */
export function verdictOn(error: KubegraphError, confirmed: boolean): Verdict {
  if (error.code === 'EXPIRED') return 'gone';
  if (isTooLargeVersion(error)) return 'ahead';
  // Credentials that were never there are a mistake in the kubeconfig, which nobody would hear of.
  if (error.code === 'CREDENTIALS_UNAVAILABLE' && !confirmed) return 'fatal';
  return CODES[error.code].retryable ? 'transient' : 'fatal';
}

/** Whether an API server without streaming lists, or an aggregated one, refused the parameters of a streaming list. */
export function refusesStreamingList(error: KubegraphError): boolean {
  return error.kubernetes?.code === 400 || error.kubernetes?.code === 422;
}

function isTooLargeVersion(error: KubegraphError): boolean {
  const details = error.kubernetes?.details;
  if (!isJsonObject(details) || !Array.isArray(details['causes'])) return false;
  return details['causes'].some(
    (cause) => isJsonObject(cause) && cause['reason'] === 'ResourceVersionTooLarge',
  );
}
