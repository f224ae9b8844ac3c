import type { Identity } from '../cluster/identity.ts';
import { errorOf, readJson, sendOk } from '../cluster/read.ts';
import type { Upstream } from '../cluster/upstream.ts';
import { parseAggregatedDiscovery } from './aggregated-discovery.ts';
import { fetchLegacyDiscovery } from './legacy-discovery.ts';
import { apiVersionOf, type Discovery } from './resource.ts';

/** v2 since 1.30, v2beta1 before, one request per group-version before 1.26: the server picks what it has. */
const ACCEPT = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

interface Half {
  readonly body: unknown;
  readonly aggregated: boolean;
  readonly etag: string | undefined;
}

/** Discovery as it was last read, to be asked for again with its ETags. */
export interface DiscoveryReading {
  readonly discovery: Discovery;
  readonly core: Half;
  readonly named: Half;
}

/**
 * What the API server serves, in two requests where it can. The same object comes back when nothing has changed since
 * `last`.
 *
 * Stale group-versions are reported in `problems`. Fails only when the API server itself does not answer, with its error.
 */
export async function fetchDiscovery(
  upstream: Upstream,
  identity: Identity,
  last?: DiscoveryReading,
): Promise<DiscoveryReading> {
  const [core, named] = await Promise.all([
    fetchHalf(upstream, identity, '/api', last?.core),
    fetchHalf(upstream, identity, '/apis', last?.named),
  ]);
  if (last !== undefined && core === last.core && named === last.named) return last;
  // client-go's rule: the aggregated form counts only when both halves come in it.
  if (core.aggregated && named.aggregated) {
    return { discovery: withLastKnown(fromAggregated(core.body, named.body), last?.discovery), core, named };
  }
  const [versions, groups] = await Promise.all([
    legacyBody(upstream, identity, '/api', core),
    legacyBody(upstream, identity, '/apis', named),
  ]);
  const discovery = await fetchLegacyDiscovery(upstream, identity, versions, groups);
  return { discovery: withLastKnown(discovery, last?.discovery), core, named };
}

/** A group-version that does not answer has not lost its resources: nobody can say what it has, so it has what it had. */
function withLastKnown(discovery: Discovery, last: Discovery | undefined): Discovery {
  const before = new Map(
    last?.groups.flatMap(({ versions }) => versions.map((of) => [apiVersionOf(of), of])),
  );
  const groups = discovery.groups.map((group) => ({
    ...group,
    versions: group.versions.map((version) => {
      const isUnknown = version.stale && version.resources.length === 0;
      return isUnknown
        ? { ...version, resources: before.get(apiVersionOf(version))?.resources ?? [] }
        : version;
    }),
  }));
  return { ...discovery, groups };
}

/** In the middle of an upgrade, a load balancer may answer one half in either form: that one is asked for again. */
async function legacyBody(
  upstream: Upstream,
  identity: Identity,
  path: string,
  half: Half,
): Promise<unknown> {
  if (!half.aggregated || half.body === undefined) return half.body;
  const answer = await sendOk(upstream, { identity, method: 'GET', path });
  return readJson(answer.body);
}

async function fetchHalf(upstream: Upstream, identity: Identity, path: string, last?: Half): Promise<Half> {
  const answer = await upstream.send({
    identity,
    method: 'GET',
    path,
    accept: ACCEPT,
    compress: true,
    ...(last?.etag === undefined ? {} : { headers: { 'if-none-match': last.etag } }),
  });
  if (answer.status === 304 && last !== undefined) {
    answer.body.destroy();
    return last;
  }
  // A pure aggregated server has no /api; that is no failure.
  if (answer.status === 404 && path === '/api') {
    answer.body.destroy();
    return { body: undefined, aggregated: true, etag: undefined };
  }
  if (answer.status !== 200) throw await errorOf(answer);
  return {
    body: await readJson(answer.body),
    aggregated: /;\s*as=APIGroupDiscoveryList\b/i.test(answer.contentType),
    etag: answer.etag,
  };
}

function fromAggregated(core: unknown, named: unknown): Discovery {
  const groups = [...parseAggregatedDiscovery(core), ...parseAggregatedDiscovery(named)];
  const problems = groups
    .flatMap((group) => group.versions)
    .filter((version) => version.stale)
    .map((version) => `${apiVersionOf(version)}: the aggregated API does not answer`);
  return { groups, problems };
}
