/** The type to give a single answer, as Yoga chooses it; undefined for clients that want none of them. */
export function acceptedJson(accept: string | null | undefined): string | undefined {
  const accepted = (accept || '*/*').toLowerCase().split(',');
  const types = accepted.map((each) => each.split(';', 1)[0]?.trim());
  const first = types.find((type) => type !== undefined && Object.hasOwn(JSON_TYPES, type));
  return first === undefined ? undefined : JSON_TYPES[first];
}

const JSON_TYPES: Readonly<Record<string, string>> = {
  'application/graphql-response+json': 'application/graphql-response+json',
  'application/json': 'application/json',
  'application/*': 'application/json',
  '*/*': 'application/json',
};
