import { readWhole } from '../../cluster/read.ts';
import type { Identity } from '../../cluster/identity.ts';
import { pathOf } from '../../cluster/resource-path.ts';
import type { Upstream } from '../../cluster/upstream.ts';
import { mapConcurrently } from '../../util/concurrency.ts';
import type { Deprecations } from './deprecations.ts';
import type { Resource } from '../resource.ts';

const MAX_CONCURRENT = 6;

/** One object's metadata is enough: what is in it is nobody's business here. */
const ACCEPT = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';

/**
 * Asks for one object of each resource that can be listed, so that `deprecations` knows all that the API server warns of.
 * Resources that `identity` may not list, or that do not answer, are left out. Rejects when the API server cannot be
 * reached.
 */
export async function probeDeprecations(
  upstream: Upstream,
  identity: Identity,
  resources: readonly Resource[],
  deprecations: Deprecations,
): Promise<void> {
  const listable = resources.filter(({ verbs }) => verbs.includes('list'));
  await mapConcurrently(listable, MAX_CONCURRENT, async (resource) => {
    const path = pathOf(resource, undefined);
    const answer = await upstream.send({
      identity,
      method: 'GET',
      path,
      accept: ACCEPT,
      query: { limit: '1' },
    });
    // Read to its end, the connection serves the next call as well.
    await readWhole(answer.body).catch(() => undefined);
    deprecations.observe(resource, answer.warnings, true);
  });
}
