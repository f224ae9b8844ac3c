import { configMap, created } from './objects.ts';

/** A label of one test's own, and config maps that have it. */
export interface Topic {
  readonly label: { readonly topic: string };
  readonly labelSelector: string;
  /** Creates one; its name is `name(suffix)`. */
  readonly create: (suffix: string, data?: Record<string, string>) => ReturnType<typeof created>;
  readonly name: (suffix: string) => string;
  readonly path: (suffix: string) => string;
}

/** @param maps the collection of config maps that the topics share. */
export function newTopics(maps: string): () => Topic {
  let count = 0;
  return () => {
    const topic = `t${++count}`;
    const name = (suffix: string) => `${topic}-${suffix}`;
    return {
      label: { topic },
      labelSelector: `topic=${topic}`,
      create: (suffix, data = {}) => created(maps, configMap(name(suffix), data, { labels: { topic } })),
      name,
      path: (suffix) => `${maps}/${name(suffix)}`,
    };
  };
}
