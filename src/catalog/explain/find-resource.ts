import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { apiVersionOf, type Discovery, type Resource } from '../resource.ts';
import { segmentsOf } from './field-path.ts';
import { suggestion } from './suggestions.ts';

/** What a path such as `deploy.spec.replicas` is about. */
export interface PathTarget {
  readonly resource: Resource;
  /** The first part of the path, which names the resource, taken apart: `certificates cert-manager io`. */
  readonly head: readonly string[];
  /** The fields behind it. */
  readonly fields: readonly string[];
}

type IsNamed = (resource: Resource, name: string) => boolean;

/** How kubectl reads a resource's name. What comes first wins, in all groups. */
const READINGS: readonly IsNamed[] = [
  (resource, name) => resource.resource === name || resource.singular === name,
  (resource, name) => resource.shortNames.includes(name),
  ({ resource, singular }, name) => [resource, singular].includes(name.toLowerCase()),
  ({ kind }, name) => kind.toLowerCase() === name.toLowerCase(),
];

/**
 * Finds the resource that a path starts with: `pods`, `pod`, `po`, `Pod`, with or without its group
 * (`certificates.cert-manager.io`). Of several the first in the API server's order counts, as for kubectl. Unlike kubectl,
 * a group may follow any name, and the longest one that fits is taken: `events.events.k8s.io` means that group.
 *
 * @param apiVersion only resources of this group-version.
 * @param alias a last resort for names of another kind.
 * Throws BAD_USER_INPUT for what is no path, and NOT_FOUND with suggestions for a resource that is not served.
 */
export function findResource(
  discovery: Discovery,
  path: string,
  apiVersion?: string,
  alias: (name: string) => Resource | undefined = () => undefined,
): PathTarget {
  const [name, ...rest] = segmentsOf(path);
  const served = resourcesOf(discovery, apiVersion);
  const candidates = named(served, name);
  const other = candidates.length === 0 ? alias(name) : undefined;
  if (other !== undefined && served.includes(other)) return { resource: other, head: [name], fields: rest };
  const [first] = candidates;
  if (first === undefined) throw notServed(served, name, apiVersion);
  const withGroup = candidates
    .filter(({ group }) => group !== '' && isStart(group.split('.'), rest))
    .reduce<Resource | undefined>(
      (best, each) => (best !== undefined && best.group.length >= each.group.length ? best : each),
      undefined,
    );
  if (withGroup === undefined) return { resource: first, head: [name], fields: rest };
  const labels = withGroup.group.split('.').length;
  return { resource: withGroup, head: [name, ...rest.slice(0, labels)], fields: rest.slice(labels) };
}

function resourcesOf(discovery: Discovery, apiVersion: string | undefined): readonly Resource[] {
  return discovery.groups
    .flatMap(({ versions }) => versions)
    .filter((version) => apiVersion === undefined || apiVersionOf(version) === apiVersion)
    .flatMap(({ resources }) => resources);
}

function named(served: readonly Resource[], name: string): readonly Resource[] {
  for (const isNamed of READINGS) {
    const matches = served.filter((resource) => isNamed(resource, name));
    if (matches.length > 0) return matches;
  }
  return [];
}

function isStart(start: readonly string[], of: readonly string[]): boolean {
  return start.every((part, index) => of[index] === part);
}

function notServed(
  served: readonly Resource[],
  name: string,
  apiVersion: string | undefined,
): KubegraphError {
  const where = apiVersion === undefined ? '' : ` in ${JSON.stringify(apiVersion)}`;
  const known = served.flatMap(({ resource, singular }) => [resource, singular]);
  return new KubegraphError(
    'NOT_FOUND',
    `the server doesn't have a resource type ${JSON.stringify(name)}${where}${suggestion(name, known)}`,
  );
}
