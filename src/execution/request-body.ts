import { getNullableType, type GraphQLInputType, isInputObjectType, isListType } from 'graphql';
import { isJsonObject } from '../util/json.ts';

/**
 * An input value as the Kubernetes object that it means: field names that GraphQL does not allow get their own back, and
 * the members of `raw` join the typed ones. `null` stays `null` and absent stays absent.
 */
export function kubernetesValue(value: unknown, type: GraphQLInputType): unknown {
  const nullable = getNullableType(type);
  if (isListType(nullable) && Array.isArray(value)) {
    return value.map((item) => kubernetesValue(item, nullable.ofType));
  }
  if (!isInputObjectType(nullable) || !isJsonObject(value)) return value;
  const fields = nullable.getFields();
  const untyped: Record<string, unknown> = {};
  const typed: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const field = fields[name];
    const key = field?.extensions.key ?? name;
    if (key === '') Object.assign(untyped, isJsonObject(member) ? member : {});
    else typed[key] = field === undefined ? member : kubernetesValue(member, field.type);
  }
  return { ...untyped, ...typed };
}
