import { parseBody } from '../../cluster/read.ts';
import { apiVersionOf } from '../../catalog/resource.ts';
import { basePathOf } from '../../cluster/resource-path.ts';
import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { isJsonObject } from '../../util/json.ts';
import type { OperationContext } from '../call.ts';
import { askOnce } from './ask-once.ts';

/** A question about the caller. It is asked by creating an object that is not stored. */
export interface Review {
  readonly group: string;
  readonly kind: string;
  /** Its plural in paths. */
  readonly resource: string;
  /** Default: the question needs none. */
  readonly spec?: object;
}

/** The `status` that answers a review. Equal reviews of an operation are one call, and none is remembered beyond it. */
export async function statusOfReview(
  context: OperationContext,
  responseName: string,
  { group, kind, resource, spec }: Review,
): Promise<Readonly<Record<string, unknown>>> {
  const version = { group, version: 'v1' };
  const content = JSON.stringify({ apiVersion: apiVersionOf(version), kind, spec });
  const { body } = await askOnce(context, responseName, {
    method: 'POST',
    path: `${basePathOf(version)}/${resource}`,
    body: { contentType: 'application/json', content },
  });
  const review = parseBody(body);
  const status = isJsonObject(review) ? review['status'] : undefined;
  if (isJsonObject(status)) return status;
  throw noAnswer(kind);
}

/** The error for a review whose answer does not say what was asked: nothing may be read into it. */
export function noAnswer(kind: string): KubegraphError {
  return new KubegraphError('UPSTREAM_ERROR', `the API server's answer to a ${kind} says nothing`);
}

/** The texts of a list; none for what is no list, which Kubernetes leaves out when it is empty. */
export function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** A text that says something; Kubernetes leaves out empty ones. */
export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
