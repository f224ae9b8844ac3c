import { describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/catalog/resource.ts';
import { prefixesOf } from '../../../src/mapping/names/prefixes.ts';
import { RootNames } from '../../../src/mapping/names/root-names.ts';
import { PODS } from '../support/standard-cluster.ts';
import { stubGroupVersion, stubResource, type StubGroupVersion } from '../support/stub-resources.ts';
import { discoveryOf } from '../support/test-catalog.ts';

const CORE = stubGroupVersion('', 'v1', { Pod: 'pods', Event: 'events', Service: 'services' });

const OPERATIONS = ['query', 'mutation', 'subscription'] as const;

function namesIn(
  cluster: readonly StubGroupVersion[],
  reserved: readonly string[] = [],
  pins: Readonly<Record<string, string>> = {},
): RootNames {
  const discovery = discoveryOf(cluster);
  const names = new Set(reserved);
  const reservedNames = { query: names, mutation: names, subscription: names };
  return new RootNames(discovery, { prefixOf: prefixesOf(discovery), reserved: reservedNames, pins });
}

/** `group/version/plural` of what a query field means; undefined where there is no such field. */
function meaning(names: RootNames, field: string): string | undefined {
  const resource: Resource | undefined = names.field('query', field)?.resource;
  return resource === undefined ? undefined : `${resource.group}/${resource.version}/${resource.resource}`;
}

describe('a qualified name', () => {
  it('exists for every version of every resource', () => {
    const names = namesIn([
      stubGroupVersion('autoscaling', 'v2', { HorizontalPodAutoscaler: 'horizontalpodautoscalers' }),
      stubGroupVersion('autoscaling', 'v1', { HorizontalPodAutoscaler: 'horizontalpodautoscalers' }),
    ]);
    expect(meaning(names, 'autoscalingV2HorizontalPodAutoscalers')).toBe(
      'autoscaling/v2/horizontalpodautoscalers',
    );
    expect(meaning(names, 'autoscalingV1HorizontalPodAutoscalers')).toBe(
      'autoscaling/v1/horizontalpodautoscalers',
    );
  });
});

describe('a short name', () => {
  it('means the version that the API server prefers, which is not always the highest', () => {
    const names = namesIn([
      stubGroupVersion('example.com', 'v1', { Widget: 'widgets' }),
      stubGroupVersion('example.com', 'v2', { Widget: 'widgets', Gadget: 'gadgets' }),
    ]);
    expect(meaning(names, 'widgets')).toBe('example.com/v1/widgets');
    expect(meaning(names, 'gadgets')).toBe('example.com/v2/gadgets');
  });

  it('of an own group is not given up to an installed one, whatever comes first in discovery', () => {
    const names = namesIn([
      stubGroupVersion('evil.example.com', 'v1', { Pod: 'pods', Service: 'services' }),
      CORE,
    ]);
    expect([meaning(names, 'pods'), meaning(names, 'pod'), meaning(names, 'services')]).toEqual([
      '/v1/pods',
      '/v1/pods',
      '/v1/services',
    ]);
    expect(names.field('mutation', 'deletePod')?.resource.group).toBe('');
    expect(names.field('subscription', 'pods')?.resource.group).toBe('');
    expect(meaning(names, 'evilExampleComV1Pods')).toBe('evil.example.com/v1/pods');
  });

  it("is core's before that of other own groups: events", () => {
    const names = namesIn([stubGroupVersion('events.k8s.io', 'v1', { Event: 'events' }), CORE]);
    expect(meaning(names, 'events')).toBe('/v1/events');
    expect(meaning(names, 'eventsV1Events')).toBe('events.k8s.io/v1/events');
  });

  it('cannot be taken by a kind that is called like a plural', () => {
    const names = namesIn([CORE, stubGroupVersion('example.com', 'v1', { Pods: 'podses' })]);
    expect(meaning(names, 'pods')).toBe('/v1/pods');
    expect(names.field('mutation', 'deletePods')?.resource.group).toBe('');
  });

  it('of a live query is not that of another resource, nor the other way round', () => {
    const names = namesIn([stubGroupVersion('example.com', 'v1', { Pod: 'pods', PodsLive: 'podslive' })]);
    const of = (name: string): unknown[] => {
      const field = names.field('subscription', name);
      return [field?.resource.resource, field?.action];
    };
    expect([of('podsLive'), of('exampleComV1PodsLive')]).toEqual([
      ['podslive', 'watch'],
      ['podslive', 'watch'],
    ]);
    expect([of('podsLive_'), of('podsLiveLive')]).toEqual([
      ['pods', 'live'],
      ['podslive', 'live'],
    ]);
  });

  it('that two installed groups claim is gone, and both qualified names are known', () => {
    const names = namesIn([
      stubGroupVersion('a.example.com', 'v1', { Cluster: 'clusters' }),
      stubGroupVersion('b.example.com', 'v1beta1', { Cluster: 'clusters' }),
    ]);
    expect(meaning(names, 'clusters')).toBeUndefined();
    expect(names.contested('query', 'clusters')).toEqual([
      'aExampleComV1Clusters',
      'bExampleComV1beta1Clusters',
    ]);
    expect(names.contested('mutation', 'createCluster')).toEqual([
      'createAExampleComV1Cluster',
      'createBExampleComV1beta1Cluster',
    ]);
  });

  it('never means another thing because something is installed: it stays, or it goes', () => {
    const before = namesIn([CORE, stubGroupVersion('a.example.com', 'v1', { Cluster: 'clusters' })]);
    const after = namesIn([
      CORE,
      stubGroupVersion('aa.example.com', 'v1', { Cluster: 'clusters', Pod: 'pods', Clusters: 'clusterses' }),
      stubGroupVersion('a.example.com', 'v1', { Cluster: 'clusters' }),
    ]);
    for (const name of before.all('query').keys()) {
      expect([meaning(before, name), undefined]).toContain(meaning(after, name));
    }
  });

  it('cannot be that of a hand-written field', () => {
    const names = namesIn(
      [stubGroupVersion('example.com', 'v1', { Version: 'versions', Object: 'objects' })],
      ['version', 'object'],
    );
    expect(meaning(names, 'version')).toBeUndefined();
    expect(meaning(names, 'exampleComV1Version')).toBe('example.com/v1/versions');
    expect(meaning(names, 'objects')).toBe('example.com/v1/objects');
  });
});

describe('a pinned short name', () => {
  const CLUSTERS = [
    stubGroupVersion('a.example.com', 'v1', { Cluster: 'clusters' }),
    stubGroupVersion('b.example.com', 'v1', { Cluster: 'clusters' }),
    stubGroupVersion('b.example.com', 'v1beta1', { Cluster: 'clusters' }),
  ];

  it('means the group that the configuration says, with all its fields', () => {
    const names = namesIn(CLUSTERS, [], { clusters: 'b.example.com' });
    expect(meaning(names, 'clusters')).toBe('b.example.com/v1/clusters');
    expect(meaning(names, 'cluster')).toBe('b.example.com/v1/clusters');
    expect(names.field('mutation', 'createCluster')?.resource.group).toBe('b.example.com');
    expect(names.contested('query', 'clusters')).toBeUndefined();
    expect(names.problems).toEqual([]);
  });

  it('can mean a version that is not the preferred one', () => {
    const names = namesIn(CLUSTERS, [], { clusters: 'b.example.com/v1beta1' });
    expect(meaning(names, 'clusters')).toBe('b.example.com/v1beta1/clusters');
  });

  it("wins over Kubernetes' own groups", () => {
    const events = stubGroupVersion('events.k8s.io', 'v1', { Event: 'events' });
    expect(meaning(namesIn([CORE, events], [], { events: 'events.k8s.io' }), 'events')).toBe(
      'events.k8s.io/v1/events',
    );
  });

  it('that nothing has is said, and changes nothing', () => {
    const names = namesIn(CLUSTERS, [], { clusters: 'c.example.com', pods: 'a.example.com' });
    expect(meaning(names, 'clusters')).toBeUndefined();
    expect(names.problems).toEqual([
      'names: no resource of c.example.com that is shown has the list field clusters',
      'names: no resource of a.example.com that is shown has the list field pods',
    ]);
  });
});

describe('groups that read alike', () => {
  const hyphen = stubGroupVersion('foo-bar.com', 'v1', { Thing: 'things' });
  const dot = stubGroupVersion('foo.bar.com', 'v1', { Thing: 'things' });

  it('both have names of their own, neither the plain one', () => {
    const names = namesIn([hyphen, dot]);
    expect(meaning(names, 'foo_bar__comV1Things')).toBe('foo-bar.com/v1/things');
    expect(meaning(names, 'foo__bar__comV1Things')).toBe('foo.bar.com/v1/things');
    expect(meaning(names, 'fooBarComV1Things')).toBeUndefined();
  });

  it('have the plain name while they are alone', () => {
    expect(meaning(namesIn([hyphen]), 'fooBarComV1Things')).toBe('foo-bar.com/v1/things');
  });

  it("leave Kubernetes' own theirs", () => {
    const apps = stubGroupVersion('apps', 'v1', { Deployment: 'deployments' });
    const impostor = stubGroupVersion('apps.k8s.io', 'v1', { Deployment: 'deployments' });
    const names = namesIn([impostor, apps]);
    expect(meaning(names, 'appsV1Deployments')).toBe('apps/v1/deployments');
    expect(meaning(names, 'apps__k8s__ioV1Deployments')).toBe('apps.k8s.io/v1/deployments');
  });
});

describe('a kind that is called like the plural of another one of its group-version', () => {
  const names = namesIn([
    stubGroupVersion('example.com', 'v1', {
      Pod: 'pods',
      Pods: 'podses',
      List: 'lists',
      Endpoints: 'endpoints',
    }),
  ]);

  it('leaves it the field, and is asked for by name', () => {
    expect(meaning(names, 'pods')).toBe('example.com/v1/pods');
    expect(meaning(names, 'podsByName')).toBe('example.com/v1/podses');
    expect(names.field('mutation', 'deletePods')?.action).toBe('deleteCollection');
    expect(names.field('mutation', 'deletePodsByName')?.resource.kind).toBe('Pods');
    expect(meaning(names, 'endpointsByName')).toBe('example.com/v1/endpoints');
  });
});

describe('a field that is looked up', () => {
  it('is what it is in the list of all', () => {
    const names = namesIn([
      CORE,
      { group: '', version: 'v1', resources: [PODS] },
      stubGroupVersion('1digit.example.com', 'v1', { '2Fast': '2fasts' }),
      stubGroupVersion('foo-bar.com', 'v1', { Thing: 'things' }),
      stubGroupVersion('foo.bar.com', 'v1', { Thing: 'things', Scale: 'scales', DeletePod: 'deletepods' }),
      stubGroupVersion('example.com', 'v1', { Pods: 'podses', Sheep: 'sheep', Odd: 'strange-plural' }),
    ]);
    const all = OPERATIONS.flatMap((operation) =>
      [...names.all(operation)].map(([name, field]) => ({ operation, name, field })),
    );
    expect(all.length).toBeGreaterThan(100);
    for (const { operation, name, field } of all)
      expect([name, names.field(operation, name)]).toEqual([name, field]);
  });

  it('is none for a name that nothing has', () => {
    const names = namesIn([CORE]);
    for (const name of ['', '_', 'pod_', 'podsss', 'create', 'coreV1', 'Pods', '__proto__', 'constructor'])
      expect(names.field('query', name)).toBeUndefined();
  });
});

describe('the preferred version', () => {
  const beta = stubGroupVersion('metrics.example.com', 'v1beta1', { Sample: 'samples' });

  it('stays while it is stale and its resources are still known', () => {
    const stable = { ...stubGroupVersion('metrics.example.com', 'v1', { Sample: 'samples' }), stale: true };
    expect(meaning(namesIn([stable, beta]), 'samples')).toBe('metrics.example.com/v1/samples');
  });

  it('does not flip to the next one while nothing is known of it: the short name is gone instead', () => {
    const stable = { ...stubGroupVersion('metrics.example.com', 'v1', {}), stale: true };
    const names = namesIn([stable, beta]);
    expect(meaning(names, 'samples')).toBeUndefined();
    expect(meaning(names, 'metricsExampleComV1beta1Samples')).toBe('metrics.example.com/v1beta1/samples');
  });
});

describe('a field exists only for verbs that discovery lists', () => {
  const only = (...verbs: string[]): readonly string[] => {
    const resources = [stubResource({ kind: 'Review', plural: 'reviews', verbs })];
    const names = namesIn([{ group: '', version: 'v1', resources }]);
    return OPERATIONS.flatMap((operation) =>
      [...names.all(operation).keys()].filter((name) => !/coreV1/i.test(name)),
    );
  };

  it.each([
    [['create'], ['createReview']],
    [['get'], ['review']],
    [['list'], ['reviews']],
    [
      ['list', 'watch'],
      ['reviews', 'reviews', 'reviewsLive'],
    ],
    [['watch'], []],
    [['update'], ['replaceReview']],
    [['patch'], ['patchReview', 'applyReview']],
    [
      ['delete', 'deletecollection'],
      ['deleteReview', 'deleteReviews'],
    ],
  ])('%j', (verbs, fields) => {
    expect(only(...verbs)).toEqual(fields);
  });

  it('nor for subresources that are streams', () => {
    const names = namesIn([{ group: '', version: 'v1', resources: [PODS] }]);
    expect([...names.all('query').keys()]).toEqual(['coreV1Pods', 'coreV1Pod', 'pods', 'pod']);
    expect(names.field('mutation', 'evictPod')?.action).toBe('create');
  });
});
