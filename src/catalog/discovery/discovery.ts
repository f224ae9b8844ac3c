import { createHash } from 'node:crypto';
import type { Identity } from '../../cluster/identity.ts';
import { errorOf, parseBody, readJson, readWhole, sendOk } from '../../cluster/read.ts';
import type { Upstream } from '../../cluster/upstream.ts';
import { Lru } from '../../util/lru.ts';
import { parseAggregatedDiscovery } from './aggregated-discovery.ts';
import { fetchLegacyDiscovery } from './legacy-discovery.ts';
import { apiVersionOf, type Discovery, type GroupVersion } from '../resource.ts';

/** v2 since 1.30, v2beta1 before, one request per group-version before 1.26: the server picks what it has. */
const ACCEPT = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

type Groups = Discovery['groups'];

/** What `/api` or `/apis` answered. Equal answers are the same object, whoever has read them. */
export interface DiscoveryHalf {
  readonly etag: string | undefined;
  /** Undefined where the server does not aggregate: then `body` is what it answered. */
  readonly groups: Groups | undefined;
  readonly body: unknown;
}

/** Discovery as it was last read, to be asked for again with its ETags. */
export interface DiscoveryReading {
  readonly discovery: Discovery;
  readonly core: DiscoveryHalf;
  readonly named: DiscoveryHalf;
}

/** Halves that are remembered: two for each state of the API server that somebody still sees, or is going to see. */
const MAX_HALVES = 16;

/** A pure aggregated server has no `/api`; that is no failure. */
const NO_CORE: DiscoveryHalf = { etag: undefined, groups: [], body: undefined };

/** Reads discovery for many identities, and keeps in memory once what is the same for all of them. */
export class DiscoveryReader {
  readonly #upstream: Upstream;
  readonly #halves = new Lru<string, DiscoveryHalf>({ maxWeight: MAX_HALVES });
  readonly #joined = new WeakMap<
    DiscoveryHalf,
    { readonly named: DiscoveryHalf; readonly discovery: Discovery }
  >();

  constructor(upstream: Upstream) {
    this.#upstream = upstream;
  }

  /**
   * What the API server serves, in two requests where it can. The same object comes back when nothing has changed since
   * `last`.
   *
   * Stale group-versions are reported in `problems`. Fails only when the API server itself does not answer, with its
   * error.
   */
  async read(identity: Identity, last?: DiscoveryReading): Promise<DiscoveryReading> {
    const [core, named] = await Promise.all([
      this.#readHalf(identity, '/api', last?.core),
      this.#readHalf(identity, '/apis', last?.named),
    ]);
    // client-go's rule: the aggregated form counts only when both halves come in it.
    if (core.groups === undefined || named.groups === undefined) {
      return { discovery: await this.#readLegacy(identity, core, named, last), core, named };
    }
    if (last !== undefined && core === last.core && named === last.named) return last;
    return { discovery: this.#join(core, named, last?.discovery), core, named };
  }

  async #readHalf(identity: Identity, path: string, last?: DiscoveryHalf): Promise<DiscoveryHalf> {
    const answer = await this.#upstream.send({
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
    if (answer.status === 404 && path === '/api') {
      answer.body.destroy();
      return NO_CORE;
    }
    if (answer.status !== 200) throw await errorOf(answer);
    const isAggregated = /;\s*as=APIGroupDiscoveryList\b/i.test(answer.contentType);
    return this.#share(await readWhole(answer.body), isAggregated, answer.etag);
  }

  /** By what was read, and not by its ETag: a proxy could answer two users differently under the same one. */
  #share(bytes: Buffer, isAggregated: boolean, etag: string | undefined): DiscoveryHalf {
    const digest = createHash('sha256').update(bytes).digest('base64');
    const key = JSON.stringify([digest, isAggregated, etag]);
    const known = this.#halves.get(key);
    if (known !== undefined) return known;
    const body = parseBody(bytes);
    const half = isAggregated
      ? { etag, groups: parseAggregatedDiscovery(body), body: undefined }
      : { etag, groups: undefined, body };
    this.#halves.set(key, half);
    return half;
  }

  #join(core: DiscoveryHalf, named: DiscoveryHalf, last: Discovery | undefined): Discovery {
    const known = this.#joined.get(core);
    if (known?.named === named) return withLastKnown(known.discovery, last);
    const discovery = fromAggregated([...(core.groups ?? []), ...(named.groups ?? [])]);
    this.#joined.set(core, { named, discovery });
    return withLastKnown(discovery, last);
  }

  async #readLegacy(
    identity: Identity,
    core: DiscoveryHalf,
    named: DiscoveryHalf,
    last: DiscoveryReading | undefined,
  ): Promise<Discovery> {
    const [versions, groups] = await Promise.all([
      this.#legacyBody(identity, '/api', core),
      this.#legacyBody(identity, '/apis', named),
    ]);
    const discovery = await fetchLegacyDiscovery(this.#upstream, identity, versions, groups);
    return withLastKnown(discovery, last?.discovery);
  }

  /** In the middle of an upgrade, a load balancer may answer one half in either form: that one is asked for again. */
  async #legacyBody(identity: Identity, path: string, half: DiscoveryHalf): Promise<unknown> {
    if (half.groups === undefined || half === NO_CORE) return half.body;
    const answer = await sendOk(this.#upstream, { identity, method: 'GET', path });
    return readJson(answer.body);
  }
}

/** A group-version that does not answer has not lost its resources: nobody can say what it has, so it has what it had. */
function withLastKnown(discovery: Discovery, last: Discovery | undefined): Discovery {
  if (last === undefined || !discovery.groups.some((group) => group.versions.some(isUnknown)))
    return discovery;
  const before = new Map(last.groups.flatMap(({ versions }) => versions.map((of) => [apiVersionOf(of), of])));
  const groups = discovery.groups.map((group) => {
    if (!group.versions.some(isUnknown)) return group;
    const versions = group.versions.map((version) => {
      const known = isUnknown(version) ? before.get(apiVersionOf(version)) : undefined;
      return known === undefined ? version : { ...version, resources: known.resources };
    });
    return { ...group, versions };
  });
  return { ...discovery, groups };
}

function isUnknown(version: GroupVersion): boolean {
  return version.stale && version.resources.length === 0;
}

function fromAggregated(groups: Groups): Discovery {
  const problems = groups
    .flatMap((group) => group.versions)
    .filter((version) => version.stale)
    .map((version) => `${apiVersionOf(version)}: the aggregated API does not answer`);
  return { groups, problems };
}
