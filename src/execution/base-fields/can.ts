import { KubegraphError } from '../../errors/kubegraph-error.ts';
import type { Args } from '../call.ts';
import { groupArgument } from './group-argument.ts';
import { noAnswer, statusOfReview, textIn } from './review.ts';
import { type BaseField, jsonValue } from './value.ts';

const KIND = 'SelfSubjectAccessReview';

/** Whether the caller may do something, as `kubectl auth can-i`. */
export const can: BaseField = async (context, responseName, args) => {
  const { allowed, denied, reason, evaluationError } = await statusOfReview(context, responseName, {
    group: 'authorization.k8s.io',
    kind: KIND,
    resource: 'selfsubjectaccessreviews',
    spec: { resourceAttributes: attributesOf(args) },
  });
  if (typeof allowed !== 'boolean') throw noAnswer(KIND);
  return jsonValue({
    allowed,
    // Left out where it is false.
    denied: denied === true,
    reason: textIn(reason),
    evaluationError: textIn(evaluationError),
  });
};

function attributesOf(args: Args): object {
  return {
    verb: filled(args, 'verb'),
    group: groupArgument(args['group'] ?? ''),
    resource: filled(args, 'resource'),
    subresource: filled(args, 'subresource'),
    namespace: filled(args, 'namespace'),
    name: filled(args, 'name'),
  };
}

/**
 * An argument; undefined where it is absent. Empty text is refused: to the API server it means all there are, here it is a
 * variable that nobody has filled in.
 */
function filled(args: Args, name: string): unknown {
  const value = args[name] ?? undefined;
  if (value !== '') return value;
  throw new KubegraphError('BAD_USER_INPUT', `"${name}" is empty: where anything will do, leave it out`);
}
