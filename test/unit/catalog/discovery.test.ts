import { expect, it } from 'vitest';
import { DiscoveryReader, type DiscoveryReading } from '../../../src/catalog/discovery/discovery.ts';
import { apiVersionOf, type Discovery } from '../../../src/catalog/resource.ts';
import { bearerIdentity, KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import type { Upstream } from '../../../src/cluster/upstream.ts';
import { STANDARD_CLUSTER } from '../support/standard-cluster.ts';
import { PAGE_NOT_FOUND, statusReply } from '../support/stub-reply.ts';
import { stubGroupVersion } from '../support/stub-resources.ts';
import { stubUpstream } from '../support/test-engine.ts';

function discover(upstream: Upstream, last?: DiscoveryReading): Promise<DiscoveryReading> {
  return new DiscoveryReader(upstream).read(KUBECONFIG_IDENTITY, last);
}

function versionsIn(discovery: Discovery): readonly string[] {
  return discovery.groups.flatMap((group) => group.versions.map(apiVersionOf));
}

const METRICS_DOWN = [
  ...STANDARD_CLUSTER,
  { ...stubGroupVersion('metrics.k8s.io', 'v1', {}), stale: true },
] as const;

it('finds the same in aggregated discovery as in one request for each group-version', async () => {
  const { stub, upstream } = await stubUpstream();
  const aggregated = await discover(upstream);
  stub.discovery = 'legacy';
  const legacy = await discover(upstream);
  expect(legacy.discovery).toEqual(aggregated.discovery);
  expect(versionsIn(legacy.discovery)).toEqual([
    'v1',
    'apps/v1',
    'apiextensions.k8s.io/v1',
    'example.com/v1',
  ]);
});

it('asks twice where discovery is aggregated', async () => {
  const { stub, upstream } = await stubUpstream();
  await discover(upstream);
  expect(stub.requests.map(({ path }) => path).sort()).toEqual(['/api', '/apis']);
  expect(stub.requests[0]?.headers['accept']).toMatch(
    /^application\/json;g=apidiscovery\.k8s\.io;v=v2;as=APIGroupDiscoveryList,.*v=v2beta1.*,application\/json$/,
  );
});

it('knows a subresource of another group by that group', async () => {
  const { upstream } = await stubUpstream();
  const { discovery } = await discover(upstream);
  const deployments = discovery.groups[1]?.versions[0]?.resources[0];
  expect(deployments?.subresources).toEqual([
    {
      name: 'scale',
      kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
      verbs: ['get', 'patch', 'update'],
    },
  ]);
});

it.each([
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
  'application/json; as=APIGroupDiscoveryList; v=v2; g=apidiscovery.k8s.io; charset=utf-8',
  'application/json;v=v2beta1;as=APIGroupDiscoveryList;g=apidiscovery.k8s.io',
])(
  'recognises aggregated discovery by its content type, whatever the order of parameters: %s',
  async (type) => {
    const { stub, upstream } = await stubUpstream();
    stub.aggregatedType = type;
    const { discovery } = await discover(upstream);
    expect(versionsIn(discovery)).toContain('apps/v1');
    expect(stub.requests).toHaveLength(2);
  },
);

it.each(['/api', '/apis'] as const)(
  'takes the aggregated form only when both halves come in it, and loses nothing when only %s does',
  async (half) => {
    const { stub, upstream } = await stubUpstream();
    const { discovery: aggregated } = await discover(upstream);
    stub.discovery = half;
    expect((await discover(upstream)).discovery).toEqual(aggregated);
  },
);

it.each(['aggregated', 'legacy'] as const)(
  'reports an aggregated API that does not answer and goes on with the rest (%s)',
  async (form) => {
    const { stub, upstream } = await stubUpstream(METRICS_DOWN);
    stub.discovery = form;
    const { discovery } = await discover(upstream);
    expect(discovery.problems).toEqual([expect.stringMatching(/^metrics\.k8s\.io\/v1: /)]);
    expect(versionsIn(discovery)).toContain('example.com/v1');
    expect(discovery.groups.at(-1)?.versions).toEqual([
      { group: 'metrics.k8s.io', version: 'v1', stale: true, resources: [] },
    ]);
  },
);

it('asks again with the ETags, and answers the very same reading while nothing has changed', async () => {
  const { stub, upstream } = await stubUpstream();
  const first = await discover(upstream);
  const second = await discover(upstream, first);
  expect(second).toBe(first);
  expect(stub.requests.slice(2).map(({ headers }) => headers['if-none-match'])).toEqual([
    expect.stringMatching(/^"[0-9A-F]+"$/),
    expect.stringMatching(/^"[0-9A-F]+"$/),
  ]);
});

it('reads the half again that has changed', async () => {
  const { stub, upstream } = await stubUpstream();
  const first = await discover(upstream);
  stub.cluster = [...stub.cluster, stubGroupVersion('new.example.org', 'v1', { Thing: 'things' })];
  const second = await discover(upstream, first);
  expect(second.core).toBe(first.core);
  expect(versionsIn(second.discovery)).toEqual([...versionsIn(first.discovery), 'new.example.org/v1']);
});

it('does without /api, as a pure aggregated server has none', async () => {
  const { stub, upstream } = await stubUpstream();
  stub.on('GET', '/api', PAGE_NOT_FOUND);
  const { discovery } = await discover(upstream);
  expect(versionsIn(discovery)).toEqual(['apps/v1', 'apiextensions.k8s.io/v1', 'example.com/v1']);
});

it("fails with the API server's own error when it does not answer", async () => {
  const { stub, upstream } = await stubUpstream();
  stub.on('GET', '/apis', statusReply(403, 'Forbidden', 'forbidden: User "x" cannot get path "/apis"'));
  await expect(discover(upstream)).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

it.each(['/api', '/apis'])('fails plainly when what answers %s is no API server', async (path) => {
  const { stub, upstream } = await stubUpstream();
  stub.on('GET', path, { body: '<html>Log in</html>', contentType: 'text/html' });
  await expect(discover(upstream)).rejects.toMatchObject({ code: 'UPSTREAM_ERROR' });
});

it('leaves out a parent without operations, which only carries subresources', async () => {
  const { stub, upstream } = await stubUpstream();
  stub.on('GET', '/apis', {
    contentType: stub.aggregatedType,
    body: {
      items: [
        {
          metadata: { name: 'odd.example.com' },
          versions: [{ version: 'v1', resources: [{ resource: 'odds', responseKind: null, verbs: [] }] }],
        },
      ],
    },
  });
  const { discovery } = await discover(upstream);
  expect(discovery.groups.at(-1)?.versions[0]?.resources).toEqual([]);
});

it('keeps what a group-version was last known to have while its aggregated API does not answer', async () => {
  const up = stubGroupVersion('metrics.k8s.io', 'v1', { NodeMetrics: 'nodes' });
  const healthy = await stubUpstream([...STANDARD_CLUSTER, up]);
  const before = await discover(healthy.upstream);
  const { upstream } = await stubUpstream(METRICS_DOWN);
  const { discovery } = await discover(upstream, before);
  expect(discovery.problems).toHaveLength(1);
  expect(discovery.groups.at(-1)?.versions).toEqual([
    { ...before.discovery.groups.at(-1)?.versions[0], stale: true },
  ]);
});

it('is kept once for all who are shown the same, and apart for whoever is not, also under the same ETag', async () => {
  const { stub, upstream } = await stubUpstream();
  const reader = new DiscoveryReader(upstream);
  const [alice, bob] = [await reader.read(bearerIdentity('alice')), await reader.read(bearerIdentity('bob'))];
  expect(bob.named).toBe(alice.named);
  expect(bob.discovery).toBe(alice.discovery);
  stub.on('GET', '/apis', {
    contentType: stub.aggregatedType,
    headers: { etag: alice.named.etag ?? '' },
    body: { items: [] },
  });
  const eve = await reader.read(bearerIdentity('eve'));
  expect(eve.named.etag).toBe(alice.named.etag);
  expect(versionsIn(eve.discovery)).toEqual(['v1']);
});

it('of an old server is asked for in full each time: a group-version can change although the groups do not', async () => {
  const { stub, upstream } = await stubUpstream();
  stub.discovery = 'legacy';
  const first = await discover(upstream);
  stub.cluster = stub.cluster.map((of) =>
    of.group === 'example.com' ? stubGroupVersion('example.com', 'v1', { Gadget: 'gadgets' }) : of,
  );
  const { discovery } = await discover(upstream, first);
  expect(discovery.groups.at(-1)?.versions[0]?.resources.map(({ resource }) => resource)).toEqual([
    'gadgets',
  ]);
});
