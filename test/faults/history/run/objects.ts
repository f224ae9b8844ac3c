import type { Version } from '../truth.ts';

/** As much of an object as subscribers look at. */
export interface WatchedObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

/** What tells versions apart beside their numbers: each write counts on in a label. */
export function contentOf({ metadata: { labels = {} } }: WatchedObject): string {
  return Object.keys(labels)
    .toSorted()
    .map((name) => `${name}=${labels[name]}`)
    .join(',');
}

/** @param fields what field selectors ask for, beside the name. */
export function versionOf(object: WatchedObject, revision: number, fields: Version['fields'] = {}): Version {
  const { name, namespace = '', uid = '', labels = {} } = object.metadata;
  return {
    key: `${namespace}/${name}`,
    uid,
    revision,
    labels,
    fields: { ...fields, 'metadata.name': name, 'metadata.namespace': namespace },
    content: contentOf(object),
  };
}
