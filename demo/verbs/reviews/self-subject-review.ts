import type { Cluster, Reply, ResourceRequest } from '../request.ts';
import { timestamp } from '../identity.ts';
import { reviewReply, userInfo } from './review.ts';

/** Who the client is. */
export function selfSubjectReview({ clock }: Cluster, { resource, user }: ResourceRequest): Reply {
  return reviewReply(resource, {
    metadata: { creationTimestamp: timestamp(clock) },
    status: { userInfo: userInfo(user) },
  });
}
