import type { Cluster, Reply, ResourceRequest } from '../request.ts';
import { selfSubjectAccessReview, subjectAccessReview } from './access-review.ts';
import { selfSubjectRulesReview } from './rules-review.ts';
import { selfSubjectReview } from './self-subject-review.ts';
import { tokenReview } from './token-review.ts';

type Review = (cluster: Cluster, request: ResourceRequest) => Reply;

/** The resources that are questions, by `GROUP/PLURAL`. */
const REVIEWS: Readonly<Record<string, Review>> = {
  'authentication.k8s.io/selfsubjectreviews': selfSubjectReview,
  'authentication.k8s.io/tokenreviews': tokenReview,
  'authorization.k8s.io/localsubjectaccessreviews': subjectAccessReview,
  'authorization.k8s.io/selfsubjectaccessreviews': selfSubjectAccessReview,
  'authorization.k8s.io/selfsubjectrulesreviews': selfSubjectRulesReview,
  'authorization.k8s.io/subjectaccessreviews': subjectAccessReview,
};

/** Undefined for resources that are stored. */
export function reviewOf({ resource }: ResourceRequest): Review | undefined {
  return REVIEWS[`${resource.group}/${resource.resource}`];
}
