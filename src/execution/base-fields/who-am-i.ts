import { isJsonObject } from '../../util/json.ts';
import { noAnswer, statusOfReview, textIn, textsIn } from './review.ts';
import { type BaseField, jsonValue } from './value.ts';

const KIND = 'SelfSubjectReview';

/** Who the API server takes the caller for, as `kubectl auth whoami`. */
export const whoAmI: BaseField = async (context, responseName) => {
  const { userInfo } = await statusOfReview(context, responseName, {
    group: 'authentication.k8s.io',
    kind: KIND,
    resource: 'selfsubjectreviews',
  });
  const { username, uid, groups, extra } = isJsonObject(userInfo) ? userInfo : {};
  if (typeof username !== 'string') throw noAnswer(KIND);
  return jsonValue({ username, uid: textIn(uid), groups: textsIn(groups), extra });
};
