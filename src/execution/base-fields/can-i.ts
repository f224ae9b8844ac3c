import { isJsonObject } from '../../util/json.ts';
import { statusOfReview, textIn, textsIn } from './review.ts';
import { type BaseField, jsonValue } from './value.ts';

/** What the caller may do in a namespace, as `kubectl auth can-i --list`. */
export const canI: BaseField = async (context, responseName, args) => {
  const status = await statusOfReview(context, responseName, {
    group: 'authorization.k8s.io',
    kind: 'SelfSubjectRulesReview',
    resource: 'selfsubjectrulesreviews',
    spec: { namespace: args['namespace'] },
  });
  return jsonValue({
    resourceRules: rulesIn(status['resourceRules'], ['verbs', 'apiGroups', 'resources', 'resourceNames']),
    nonResourceRules: rulesIn(status['nonResourceRules'], ['verbs', 'nonResourceURLs']),
    incomplete: status['incomplete'] === true,
    evaluationError: textIn(status['evaluationError']),
  });
};

/** Rules with all their lists, of which Kubernetes leaves out the empty ones. */
function rulesIn(rules: unknown, lists: readonly string[]): readonly object[] {
  if (!Array.isArray(rules)) return [];
  return rules
    .filter(isJsonObject)
    .map((rule) => Object.fromEntries(lists.map((list) => [list, textsIn(rule[list])])));
}
