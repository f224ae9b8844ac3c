export interface GroupVersionKind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** One resource of one version of one group, as the API server's discovery describes it. */
export interface Resource extends GroupVersionKind {
  /** The plural name in paths, for example `pods`. */
  readonly resource: string;
  /** The singular name in lower case; may be empty on old servers. */
  readonly singular: string;
  readonly namespaced: boolean;
  /** `create delete deletecollection get list patch update watch`, those that it has. */
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly Subresource[];
}

export interface Subresource {
  /** The last path segment, for example `scale`. */
  readonly name: string;
  /** What it answers, which may belong to another group: `deployments/scale` is an `autoscaling/v1` Scale. */
  readonly kind: GroupVersionKind | undefined;
  readonly verbs: readonly string[];
}

export interface GroupVersion {
  readonly group: string;
  readonly version: string;
  /** The aggregated API behind it does not answer; `resources` is what was last known, possibly nothing. */
  readonly stale: boolean;
  readonly resources: readonly Resource[];
}

/** What the API server serves, in its own order: groups by priority, versions by preference. */
export interface Discovery {
  readonly groups: readonly { readonly name: string; readonly versions: readonly GroupVersion[] }[];
  /** Group-versions that could not be read, in words. Never fatal. */
  readonly problems: readonly string[];
}

export type Stability = 'ALPHA' | 'BETA' | 'STABLE';

/** The stability level that a version's name tells: `v1alpha1`, `v2beta3`, `v1`. */
export function stabilityOf(version: string): Stability {
  if (/^v\d+alpha\d+$/.test(version)) return 'ALPHA';
  if (/^v\d+beta\d+$/.test(version)) return 'BETA';
  return 'STABLE';
}

/** `v1` for core, `apps/v1` elsewhere: what stands in an object's `apiVersion`. */
export function apiVersionOf(of: { readonly group: string; readonly version: string }): string {
  return of.group === '' ? of.version : `${of.group}/${of.version}`;
}

/** The group and version of an `apiVersion`. */
export function parseApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1) };
}
