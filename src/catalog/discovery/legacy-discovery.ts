import type { Identity } from '../../cluster/identity.ts';
import { readJson, sendOk } from '../../cluster/read.ts';
import { basePathOf } from '../../cluster/resource-path.ts';
import type { Upstream } from '../../cluster/upstream.ts';
import { isKubegraphError } from '../../errors/kubegraph-error.ts';
import { mapConcurrently } from '../../util/concurrency.ts';
import { isJsonObject } from '../../util/json.ts';
import { objectsIn, text, texts } from './aggregated-discovery.ts';
import { apiVersionOf, type Discovery, type GroupVersion, type Resource } from '../resource.ts';

/** How many group-versions are asked for at the same time. All at once would queue up in the API server's fairness. */
const CONCURRENCY = 8;

/** Discovery as servers before 1.26 have it: one request for each group-version. */
export async function fetchLegacyDiscovery(
  upstream: Upstream,
  identity: Identity,
  coreVersions: unknown,
  groupList: unknown,
): Promise<Discovery> {
  const core = { name: '', versions: isJsonObject(coreVersions) ? texts(coreVersions['versions']) : [] };
  const named = objectsIn(groupList, 'groups').map((group) => ({
    name: text(group['name']),
    versions: preferredFirst(group),
  }));
  const groups = [core, ...named].filter((group) => group.versions.length > 0);
  const wanted = groups.flatMap(({ name, versions }) =>
    versions.map((version) => ({ group: name, version })),
  );
  const problems: string[] = [];
  const read = await mapConcurrently(wanted, CONCURRENCY, (of) =>
    fetchVersion(upstream, identity, of, problems),
  );
  return {
    groups: groups.map(({ name }) => ({ name, versions: read.filter((version) => version.group === name) })),
    problems,
  };
}

function preferredFirst(group: Readonly<Record<string, unknown>>): readonly string[] {
  const versions = objectsIn(group, 'versions').map((version) => text(version['version']));
  const preferred = isJsonObject(group['preferredVersion']) ? text(group['preferredVersion']['version']) : '';
  return versions.includes(preferred)
    ? [preferred, ...versions.filter((version) => version !== preferred)]
    : versions;
}

/** One group-version. An aggregated API that does not answer is reported and left empty. */
async function fetchVersion(
  upstream: Upstream,
  identity: Identity,
  of: { readonly group: string; readonly version: string },
  problems: string[],
): Promise<GroupVersion> {
  try {
    const answer = await sendOk(upstream, { identity, method: 'GET', path: basePathOf(of) });
    const list: unknown = await readJson(answer.body);
    return { ...of, stale: false, resources: parseResources(of, objectsIn(list, 'resources')) };
  } catch (error) {
    if (isKubegraphError(error, 'UNAUTHENTICATED') || isKubegraphError(error, 'CANCELLED')) throw error;
    problems.push(`${apiVersionOf(of)}: ${error instanceof Error ? error.message : 'unreadable'}`);
    return { ...of, stale: true, resources: [] };
  }
}

function parseResources(
  of: { readonly group: string; readonly version: string },
  entries: readonly Readonly<Record<string, unknown>>[],
): readonly Resource[] {
  const isSub = (entry: Readonly<Record<string, unknown>>): boolean => text(entry['name']).includes('/');
  return entries
    .filter((entry) => !isSub(entry))
    .map((entry) => ({
      ...of,
      kind: text(entry['kind']),
      resource: text(entry['name']),
      singular: text(entry['singularName']),
      namespaced: entry['namespaced'] === true,
      verbs: texts(entry['verbs']),
      shortNames: texts(entry['shortNames']),
      categories: texts(entry['categories']),
      subresources: entries
        .filter((sub) => isSub(sub) && text(sub['name']).startsWith(`${text(entry['name'])}/`))
        .map((sub) => ({
          name: text(sub['name']).slice(text(entry['name']).length + 1),
          kind: {
            group: text(sub['version']) === '' ? of.group : text(sub['group']),
            version: text(sub['version']) || of.version,
            kind: text(sub['kind']),
          },
          verbs: texts(sub['verbs']),
        })),
    }));
}
