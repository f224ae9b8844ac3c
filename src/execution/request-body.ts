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
  // Entries, because a member may be called `__proto__`.
  const untyped: [string, unknown][] = [];
  const typed: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value)) {
    const field = fields[name];
    if (field?.extensions.spread === true)
      untyped.push(...Object.entries(isJsonObject(member) ? member : {}));
    else {
      const known = field === undefined ? member : kubernetesValue(member, field.type);
      typed.push([field?.extensions.key ?? name, known]);
    }
  }
  return Object.fromEntries([...untyped, ...typed]);
}
