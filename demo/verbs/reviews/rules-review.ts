import { readObject } from '../body.ts';
import { badRequest } from '../errors.ts';
import { recordOf } from '../json-errors.ts';
import type { Cluster, Reply, ResourceRequest } from '../request.ts';
import { reviewReply } from './review.ts';

/** What the client may do in a namespace. @throws ApiError 400 without a namespace */
export function selfSubjectRulesReview(cluster: Cluster, request: ResourceRequest): Reply {
  const { value } = readObject(cluster, request, request.resource);
  const { namespace } = recordOf(value['spec']);
  if (typeof namespace !== 'string' || namespace === '') throw badRequest('no namespace on request');
  const { resourceRules, nonResourceRules } = cluster.access.rulesOf(request.user, namespace);
  return reviewReply(request.resource, {
    spec: {},
    status: { resourceRules, nonResourceRules, incomplete: false },
  });
}
