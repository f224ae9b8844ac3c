import { apiVersionOf, type Discovery, type GroupVersion, parseApiVersion } from '../../catalog/resource.ts';
import { distinctPrefix, groupVersionPrefix, type PrefixOf, sanitise } from './naming.ts';
import { OWN_GROUPS } from './own-groups.ts';

/**
 * The prefixes of a catalogue's type and field names.
 *
 * `foo-bar.com` and `foo.bar.com` read alike: neither may have the plain prefix then, since that would change its meaning
 * when the other is installed. Kubernetes' own groups keep theirs whatever is installed.
 */
export function prefixesOf(discovery: Discovery): PrefixOf {
  const contested = contestedVersions(discovery.groups.flatMap((group) => group.versions));
  if (contested.size === 0) return groupVersionPrefix;
  return (of) => (contested.has(apiVersionOf(of)) ? distinctPrefix(of) : groupVersionPrefix(of));
}

/** The group-version whose prefix a type's name has; undefined for names without one. */
export type ApiVersionOfType = (typeName: string) => string | undefined;

/** Finds the group-versions of types among `apiVersions`: the longest prefix counts, since `FooV1` begins `FooV1beta1Bar` too. */
export function apiVersionsByType(apiVersions: readonly string[], prefixOf: PrefixOf): ApiVersionOfType {
  const byPrefixLength = apiVersions
    .map((apiVersion) => ({ apiVersion, prefix: prefixOf(parseApiVersion(apiVersion)) }))
    .sort((a, b) => b.prefix.length - a.prefix.length);
  return (typeName) =>
    byPrefixLength.find(
      ({ prefix }) => typeName.startsWith(prefix) && !/[a-z]/.test(typeName.charAt(prefix.length)),
    )?.apiVersion;
}

/** By `apiVersion`, the group-versions whose names could be taken for another one's. */
function contestedVersions(versions: readonly GroupVersion[]): ReadonlySet<string> {
  // In this order those that begin alike stand together.
  const named = versions.map((version) => ({ version, prefix: groupVersionPrefix(version) })).sort(byPrefix);
  const contested = new Set<string>();
  for (const [position, { version, prefix }] of named.entries()) {
    for (const longer of named.slice(position + 1)) {
      if (!longer.prefix.startsWith(prefix)) break;
      if (!readsAlike(version, longer.version, longer.prefix.slice(prefix.length))) continue;
      for (const each of [version, longer.version])
        if (!OWN_GROUPS.includes(each.group)) contested.add(apiVersionOf(each));
    }
  }
  return contested;
}

/** Whether a kind of one, or all of it, has the same name in the other, whose prefix goes on with `rest`. */
function readsAlike(one: GroupVersion, other: GroupVersion, rest: string): boolean {
  if (rest === '') return true;
  const begun = one.resources.map(({ kind }) => sanitise(kind)).filter((kind) => kind.startsWith(rest));
  return begun.some((kind) => other.resources.some((each) => rest + sanitise(each.kind) === kind));
}

function byPrefix(a: { readonly prefix: string }, b: { readonly prefix: string }): number {
  if (a.prefix === b.prefix) return 0;
  return a.prefix < b.prefix ? -1 : 1;
}
