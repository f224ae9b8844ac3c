import { readObject } from '../body.ts';
import { badRequest } from '../errors.ts';
import { recordOf } from '../json-errors.ts';
import { managersOfSpec } from '../managers.ts';
import { readWriteOptions } from '../write-options.ts';
import type { Cluster, Reply, ResourceRequest } from '../request.ts';
import { reviewReply, userInfo } from './review.ts';

const AUDIENCES = ['https://kubernetes.default.svc'];

/** Whose a token is. @throws ApiError 400 without a token */
export function tokenReview(cluster: Cluster, request: ResourceRequest): Reply {
  const options = readWriteOptions(request, 'CreateOptions');
  const { value } = readObject(cluster, request, request.resource);
  const spec = recordOf(value['spec']);
  const { token } = spec;
  if (typeof token !== 'string' || token === '') {
    throw badRequest('token is required for TokenReview in authentication');
  }
  const user = cluster.access.authenticate(token);
  const status =
    user === undefined
      ? { user: {}, error: 'invalid bearer token' }
      : { authenticated: true, user: userInfo(user), audiences: AUDIENCES };
  const metadata = managersOfSpec({ cluster, request, options }, request.resource, spec);
  return reviewReply(request.resource, { metadata, spec, status });
}
