import type { Resource } from '../../catalog/resource.ts';
import { type PrefixOf, sanitise } from './naming.ts';

/** What stands before the kind in the names of mutations. */
const VERB = /^(?:create|replace|patch|apply|delete|scale|evict)/;

/** Finds the resources that a root field's name could be about, without making all names. */
export class ResourceIndex {
  /** By kind and by plural, in lower case. */
  readonly #byStem = new Map<string, Resource[]>();
  readonly #prefixes: readonly string[];

  constructor(byGroupVersion: ReadonlyMap<string, readonly Resource[]>, prefixOf: PrefixOf) {
    const prefixes: string[] = [];
    for (const resources of byGroupVersion.values()) {
      const [first] = resources;
      if (first !== undefined) prefixes.push(prefixOf(first).toLowerCase());
      for (const resource of resources) {
        const kind = sanitise(resource.kind).toLowerCase();
        const plural = sanitise(resource.resource);
        this.#enter(kind, resource);
        if (plural !== kind) this.#enter(plural, resource);
      }
    }
    this.#prefixes = prefixes;
  }

  /** A few resources, in the API server's order; those that have a field of that name are among them. */
  mayHave(name: string): readonly Resource[] {
    const found = new Set<Resource>();
    for (const text of new Set([name, name.replace(VERB, '')])) {
      const lower = text.replace(/^_/, '').toLowerCase();
      for (const rest of [lower, ...this.#withoutPrefix(text.toLowerCase()), ...this.#withoutPrefix(lower)]) {
        // Behind the stem there may be a subresource, or `ByName`.
        for (let end = rest.length; end > 0; end--) {
          for (const resource of this.#byStem.get(rest.slice(0, end)) ?? []) found.add(resource);
        }
      }
    }
    return [...found];
  }

  #withoutPrefix(text: string): readonly string[] {
    return this.#prefixes
      .filter((prefix) => text.startsWith(prefix))
      .map((prefix) => text.slice(prefix.length));
  }

  #enter(stem: string, resource: Resource): void {
    const others = this.#byStem.get(stem);
    if (others === undefined) this.#byStem.set(stem, [resource]);
    else others.push(resource);
  }
}
