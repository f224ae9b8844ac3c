/** Annotations that each change of a config map gets: its number in its namespace, and when it was written. */
export const SEQUENCE = 'bench.kubegraph.dev/sequence';
export const WRITTEN_AT = 'bench.kubegraph.dev/written-at';

/** What a subscriber selects: all the same, or each another text for the same fields. */
export type Kind = 'identical' | 'distinct';

/** Changes only, so that both arms have the same to send. */
export function eventsDocument(namespace: string, kind: Kind, index: number, args = ''): string {
  const name = kind === 'identical' ? 'name' : `name${index}: name`;
  return `subscription { configMaps(namespace: "${namespace}"${args}) { type object { metadata { ${name} annotations } } } }`;
}

/** What it takes to fold events into a state. `size` adds the objects' data to each event. */
export function followDocument(namespace: string, size: 'small' | 'large'): string {
  const more = size === 'large' ? ' data' : '';
  return `subscription { configMaps(namespace: "${namespace}") { type snapshot cursor object { metadata { name uid resourceVersion }${more} } } }`;
}
