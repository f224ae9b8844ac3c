import { readJson, sendOk } from '../../cluster/read.ts';
import { isKubegraphError, KubegraphError } from '../../errors/kubegraph-error.ts';
import { isJsonObject } from '../../util/json.ts';
import { presentPosition, type Target } from '../reflector/calls.ts';
import { REVIEW_MS } from '../timeouts.ts';
import { watchAttributes } from './attributes.ts';

/** What the API server says about a watch. `refused`: with the error that ends it. `unknown`: it does not say. */
export type Verdict =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'refused'; readonly error: KubegraphError }
  | { readonly kind: 'unknown' };

const ALLOWED: Verdict = { kind: 'allowed' };
const UNKNOWN: Verdict = { kind: 'unknown' };

/**
 * Asks whether the identity may (still) watch the scope.
 *
 * Where access reviews cannot be made, a list of one object shows it: whoever may watch may list, on any real cluster.
 */
export async function mayWatch(target: Target, signal: AbortSignal): Promise<Verdict> {
  const reviewed = await review(target, signal).catch(asRefused('UNAUTHENTICATED'));
  if (reviewed.kind !== 'unknown' || signal.aborted) return reviewed;
  return presentPosition(target, signal).then(() => ALLOWED, asRefused('UNAUTHENTICATED', 'FORBIDDEN'));
}

async function review({ upstream, identity, scope }: Target, signal: AbortSignal): Promise<Verdict> {
  const resourceAttributes = watchAttributes(scope);
  if (resourceAttributes === undefined) return UNKNOWN;
  const answer = await sendOk(upstream, {
    identity,
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    body: {
      contentType: 'application/json',
      content: JSON.stringify({
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes },
      }),
    },
    deadlineMs: REVIEW_MS,
    signal,
  });
  return verdictOf(await readJson(answer.body));
}

function verdictOf(answer: unknown): Verdict {
  const status = isJsonObject(answer) ? answer['status'] : undefined;
  if (!isJsonObject(status) || typeof status['allowed'] !== 'boolean') return UNKNOWN;
  if (status['allowed']) return ALLOWED;
  // An authorizer that fails says nothing about the permission.
  if (status['evaluationError']) return UNKNOWN;
  return {
    kind: 'refused',
    error: new KubegraphError('FORBIDDEN', 'the permission to watch this was revoked'),
  };
}

/** Takes failures with these codes for an answer. Others, such as no connection, are none. */
function asRefused(...codes: ('UNAUTHENTICATED' | 'FORBIDDEN')[]): (error: unknown) => Verdict {
  return (error) =>
    isKubegraphError(error) && codes.some((code) => code === error.code)
      ? { kind: 'refused', error }
      : UNKNOWN;
}
