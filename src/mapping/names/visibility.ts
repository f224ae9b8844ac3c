import { apiVersionOf, type Discovery, type Stability, stabilityOf } from '../../catalog/resource.ts';
import type { GroupVersionName } from './naming.ts';
import type { SchemaOptions } from '../schema-options.ts';

/** What of a catalogue the options show: the same, without the group-versions that they hide. */
export function shownDiscovery(discovery: Discovery, options: SchemaOptions): Discovery {
  const groups = discovery.groups.map((group) => ({
    ...group,
    versions: group.versions.filter((version) => isShown(version, options)),
  }));
  return { ...discovery, groups: groups.filter(({ versions }) => versions.length > 0) };
}

/** Why the options hide a group-version; undefined where they show it. In words that follow its name. */
export function whyHidden(of: GroupVersionName, options: SchemaOptions): string | undefined {
  if (options.exclude.some((pattern) => matches(pattern, of))) return 'is excluded';
  const including = options.include.filter((pattern) => matches(pattern, of));
  if (options.include.length > 0 && including.length === 0) return 'is not included';
  // Whoever names a version means it.
  if (including.some((pattern) => pattern.includes('/'))) return undefined;
  const stability = stabilityOf(of.version);
  if (RANK[stability] >= RANK[options.stability]) return undefined;
  return `is ${stability.toLowerCase()}, and only ${options.stability.toLowerCase()} or better is shown`;
}

const RANK: Readonly<Record<Stability, number>> = { ALPHA: 0, BETA: 1, STABLE: 2 };

function isShown(of: GroupVersionName, options: SchemaOptions): boolean {
  return whyHidden(of, options) === undefined;
}

/** Whether a group-version is what a pattern of the options says: `apps`, `core`, `*.upbound.io`, `apps/v1`. */
export function matches(pattern: string, of: GroupVersionName): boolean {
  if (pattern.startsWith('*.')) return of.group.endsWith(pattern.slice(1));
  const group = of.group === '' ? 'core' : of.group;
  return pattern === group || pattern === `${group}/${of.version}` || pattern === apiVersionOf(of);
}
