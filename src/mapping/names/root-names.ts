import { apiVersionOf, type Discovery, type Resource } from '../../catalog/resource.ts';
import { namesOf, pluralOf, type PrefixOf, type ResourceNames } from './naming.ts';
import { OWN_GROUPS } from './own-groups.ts';
import { ResourceIndex } from './resource-index.ts';
import { fieldsOf, type Operation, type RootField } from './resource-fields.ts';
import { matches } from './visibility.ts';

export interface RootNamesOptions {
  readonly prefixOf: PrefixOf;
  /** The names of the hand-written fields of each root type, which no resource can take. Default: none. */
  readonly reserved?: Readonly<Record<Operation, ReadonlySet<string>>>;
  /** By a short list field, the group or group-version that it means. See `SchemaOptions.names`. */
  readonly pins?: Readonly<Record<string, string>>;
}

/** The fields that would like a name. */
interface Claims {
  readonly qualified: RootField[];
  readonly short: RootField[];
}

/** Whose a name is. */
interface Verdict {
  readonly field: RootField | undefined;
  /** The qualified names that contend for a short one, which is nobody's then. */
  readonly contested: readonly string[] | undefined;
}

/**
 * The root fields of a catalogue. With 1,100 custom resources there are some 20,000, and a document names three: a name is
 * looked up among the resources that could have it, and all of them are made only for who wants to see all.
 */
export class RootNames {
  /** Resources by `apiVersion`. */
  readonly byGroupVersion: ReadonlyMap<string, readonly Resource[]>;
  readonly resources: readonly Resource[];
  /** The resources that their group's preferred version is. */
  readonly preferred: ReadonlySet<Resource>;
  /** Pins that mean nothing here, in words. */
  readonly problems: readonly string[];
  readonly #options: RootNamesOptions;
  readonly #index: ResourceIndex;
  readonly #pinned: ReadonlySet<Resource>;
  readonly #names = new Map<Resource, ResourceNames>();
  readonly #plurals = new Map<string, ReadonlySet<string>>();
  readonly #verdicts = new Map<string, Verdict>();
  readonly #all = new Map<Operation, ReadonlyMap<string, RootField>>();

  constructor(discovery: Discovery, options: RootNamesOptions) {
    this.#options = options;
    this.byGroupVersion = groupByVersion(discovery);
    this.resources = [...this.byGroupVersion.values()].flat();
    this.preferred = preferredResources(discovery);
    this.#index = new ResourceIndex(this.byGroupVersion, options.prefixOf);
    const pins = Object.entries(options.pins ?? {}).map(([name, meaning]) => ({
      resource: this.#resourceOfPin(name, meaning),
      problem: `names: no resource of ${meaning} that is shown has the list field ${name}`,
    }));
    this.#pinned = new Set(pins.flatMap(({ resource }) => resource ?? []));
    this.problems = pins.filter(({ resource }) => resource === undefined).map(({ problem }) => problem);
  }

  namesOf(resource: Resource): ResourceNames {
    const known = this.#names.get(resource);
    if (known !== undefined) return known;
    const names = namesOf(resource, this.#options.prefixOf(resource), this.#pluralsBeside(resource));
    this.#names.set(resource, names);
    return names;
  }

  /** The field of that name, unless it is hand-written. */
  field(operation: Operation, name: string): RootField | undefined {
    return this.#verdict(operation, name).field;
  }

  /** The qualified names that contend for a short one, which is nobody's then; undefined for all other names. */
  contested(operation: Operation, name: string): readonly string[] | undefined {
    return this.#verdict(operation, name).contested;
  }

  /** All fields of a root type, by name: group by group, the qualified names before the short ones. */
  all(operation: Operation): ReadonlyMap<string, RootField> {
    const known = this.#all.get(operation);
    if (known !== undefined) return known;
    const fields = new Map<string, RootField>();
    for (const [name, claims] of this.#claims(operation, this.resources)) {
      const { field } = this.#decide(operation, name, claims);
      if (field !== undefined) fields.set(name, field);
    }
    this.#all.set(operation, fields);
    return fields;
  }

  /** Whether a root type has any field of a resource. */
  hasAny(operation: Operation): boolean {
    return this.resources.some(
      (resource) => fieldsOf(operation, resource, this.namesOf(resource).qualified).length > 0,
    );
  }

  #verdict(operation: Operation, name: string): Verdict {
    const key = `${operation} ${name}`;
    const known = this.#verdicts.get(key);
    if (known !== undefined) return known;
    const claims = this.#claims(operation, this.#index.mayHave(name)).get(name);
    const verdict = claims === undefined ? NOBODY : this.#decide(operation, name, claims);
    // Names come from documents: what nobody has must not fill the memory.
    if (claims !== undefined) this.#verdicts.set(key, verdict);
    return verdict;
  }

  /** What each name of some resources' fields is claimed by. */
  #claims(operation: Operation, resources: readonly Resource[]): ReadonlyMap<string, Claims> {
    const claims = new Map<string, Claims>();
    const enter = (kind: keyof Claims, field: RootField): void => {
      const known = claims.get(field.name);
      if (known !== undefined) known[kind].push(field);
      else claims.set(field.name, { qualified: [], short: [], [kind]: [field] });
    };
    for (const resource of resources) {
      const { qualified } = this.namesOf(resource);
      for (const field of fieldsOf(operation, resource, qualified)) enter('qualified', field);
    }
    for (const resource of resources) {
      if (!this.preferred.has(resource) && !this.#pinned.has(resource)) continue;
      const { short } = this.namesOf(resource);
      for (const field of fieldsOf(operation, resource, short)) enter('short', field);
    }
    return claims;
  }

  #decide(operation: Operation, name: string, { qualified, short }: Claims): Verdict {
    if (this.#options.reserved?.[operation].has(name) === true) return NOBODY;
    // Among qualified names only a subresource's can meet another: a kind's own tell themselves apart.
    if (qualified.length > 0) return mine(qualified.find(isOwn) ?? qualified[0]);
    const ranked = short.toSorted((a, b) => this.#rank(a) - this.#rank(b));
    const [first, second] = ranked;
    if (first === undefined || second === undefined || this.#rank(first) < OWN_GROUPS.length)
      return mine(first);
    const contested = ranked.map((field) => this.#qualifiedName(operation, field)).sort();
    return { field: undefined, contested };
  }

  /** Who comes first; from `OWN_GROUPS.length` on, nobody does. */
  #rank({ resource }: RootField): number {
    if (this.#pinned.has(resource)) return -1;
    const position = OWN_GROUPS.indexOf(resource.group);
    return position < 0 ? OWN_GROUPS.length : position;
  }

  /** The name of the same field that says its group and version. */
  #qualifiedName(operation: Operation, field: RootField): string {
    const { qualified } = this.namesOf(field.resource);
    const twin = fieldsOf(operation, field.resource, qualified).find(
      ({ action, subresource }) => action === field.action && subresource === field.subresource,
    );
    return twin?.name ?? qualified.list;
  }

  #resourceOfPin(name: string, meaning: string): Resource | undefined {
    const candidates = this.#index
      .mayHave(name)
      .filter((resource) => matches(meaning, resource) && this.namesOf(resource).short.list === name);
    return candidates.find((resource) => this.preferred.has(resource)) ?? candidates[0];
  }

  #pluralsBeside(resource: Resource): ReadonlySet<string> {
    const apiVersion = apiVersionOf(resource);
    const known = this.#plurals.get(apiVersion);
    if (known !== undefined) return known;
    const plurals = new Set((this.byGroupVersion.get(apiVersion) ?? []).map(pluralOf));
    this.#plurals.set(apiVersion, plurals);
    return plurals;
  }
}

const NOBODY: Verdict = { field: undefined, contested: undefined };

function mine(field: RootField | undefined): Verdict {
  return { field, contested: undefined };
}

function isOwn({ subresource }: RootField): boolean {
  return subresource === undefined;
}

/**
 * Each resource in the first version of its group that has it. The API server's order decides, whether a version answers
 * just now or not: a stale aggregated API must not turn a short name into another version.
 */
function preferredResources(discovery: Discovery): ReadonlySet<Resource> {
  const preferred = new Set<Resource>();
  for (const group of discovery.groups) {
    const seen = new Set<string>();
    for (const version of group.versions) {
      // Nobody knows what it has, and what a later one has too must not stand in for it.
      if (version.stale && version.resources.length === 0) break;
      for (const resource of version.resources) {
        if (!seen.has(resource.resource)) preferred.add(resource);
        seen.add(resource.resource);
      }
    }
  }
  return preferred;
}

function groupByVersion(discovery: Discovery): ReadonlyMap<string, readonly Resource[]> {
  const versions = discovery.groups.flatMap((group) => group.versions);
  return new Map(versions.map((version) => [apiVersionOf(version), version.resources]));
}
