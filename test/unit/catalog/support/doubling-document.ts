const DEPTH = 40;

type Schema = Readonly<Record<string, unknown>>;

/**
 * An OpenAPI document in 3 KB that costs more than anybody has where it is followed reference by reference: Thing's field
 * `all` is D0, and each of 40 definitions refers twice to the next, so that the last is reached in 2^40 ways.
 *
 * @param twice a definition made of two references to the next.
 */
export function doublingDocument(twice: (next: Schema) => Schema, last: Schema = { type: 'string' }): Schema {
  const ref = (index: number): Schema => ({ $ref: `#/components/schemas/D${index}` });
  const definitions = Array.from(
    { length: DEPTH },
    (_, index) => [`D${index}`, twice(ref(index + 1))] as const,
  );
  const thing = {
    type: 'object',
    properties: { all: ref(0) },
    'x-kubernetes-group-version-kind': [{ group: 'example.com', version: 'v1', kind: 'Thing' }],
  };
  const schemas = { 'com.example.v1.Thing': thing, ...Object.fromEntries(definitions), [`D${DEPTH}`]: last };
  return { components: { schemas } };
}
