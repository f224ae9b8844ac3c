import { describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/catalog/resource.ts';
import { rootNames, type RootNames } from '../../../src/mapping/root-names.ts';
import { PODS } from '../support/standard-cluster.ts';
import { stubGroupVersion, stubResource, type StubGroupVersion } from '../support/stub-resources.ts';
import { discoveryOf } from '../support/test-catalog.ts';

const CORE = stubGroupVersion('', 'v1', { Pod: 'pods', Event: 'events', Service: 'services' });

function namesIn(cluster: readonly StubGroupVersion[], reserved: readonly string[] = []): RootNames {
  return rootNames(discoveryOf(cluster), new Set(reserved));
}

/** `group/version/plural` of what a query field means; undefined where there is no such field. */
function meaning(names: RootNames, field: string): string | undefined {
  const resource: Resource | undefined = names.fields.query.get(field)?.resource;
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
    expect(names.fields.mutation.get('deletePod')?.resource.group).toBe('');
    expect(names.fields.subscription.get('pods')?.resource.group).toBe('');
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
    expect(names.fields.mutation.get('deletePods')?.resource.group).toBe('');
  });

  it('that two installed groups claim is gone, and both qualified names are known', () => {
    const names = namesIn([
      stubGroupVersion('a.example.com', 'v1', { Cluster: 'clusters' }),
      stubGroupVersion('b.example.com', 'v1beta1', { Cluster: 'clusters' }),
    ]);
    expect(meaning(names, 'clusters')).toBeUndefined();
    expect(names.ambiguous.get('clusters')).toEqual(['aExampleComV1Clusters', 'bExampleComV1beta1Clusters']);
    expect(names.ambiguous.get('createCluster')).toEqual([
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
    for (const name of before.fields.query.keys()) {
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
    const { fields } = namesIn([{ group: '', version: 'v1', resources }]);
    return Object.values(fields).flatMap((map) => [...map.keys()].filter((name) => !/coreV1/i.test(name)));
  };

  it.each([
    [['create'], ['createReview']],
    [['get'], ['review']],
    [['list'], ['reviews']],
    [
      ['list', 'watch'],
      ['reviews', 'reviews'],
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
    const { fields } = namesIn([{ group: '', version: 'v1', resources: [PODS] }]);
    expect([...fields.query.keys()]).toEqual(['coreV1Pods', 'coreV1Pod', 'pods', 'pod']);
    expect(fields.mutation.has('evictPod')).toBe(true);
  });
});
