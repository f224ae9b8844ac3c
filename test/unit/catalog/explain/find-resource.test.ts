import { describe, expect, it } from 'vitest';
import { findResource } from '../../../../src/catalog/explain/find-resource.ts';
import { apiVersionOf, type Discovery, type Resource } from '../../../../src/catalog/resource.ts';

function resource(
  apiVersion: string,
  kind: string,
  plural: string,
  shortNames: readonly string[] = [],
): Resource {
  const [version = '', group = ''] = apiVersion.split('/').toReversed();
  return {
    group,
    version,
    kind,
    resource: plural,
    singular: kind.toLowerCase(),
    namespaced: true,
    verbs: ['get', 'list'],
    shortNames,
    categories: [],
    subresources: [],
  };
}

/** In this order of groups, and of versions in them. */
function discoveryOf(...resources: readonly Resource[]): Discovery {
  const groups = [...new Set(resources.map(({ group }) => group))].map((group) => {
    const own = resources.filter((each) => each.group === group);
    const versions = [...new Set(own.map(({ version }) => version))].map((version) => ({
      group,
      version,
      stale: false,
      resources: own.filter((each) => each.version === version),
    }));
    return { name: group, versions };
  });
  return { groups, problems: [] };
}

const DISCOVERY = discoveryOf(
  resource('v1', 'Pod', 'pods', ['po']),
  resource('v1', 'Event', 'events', ['ev']),
  resource('apps/v1', 'Deployment', 'deployments', ['deploy']),
  resource('events.k8s.io/v1', 'Event', 'events', ['ev']),
  resource('cert-manager.io/v1', 'Certificate', 'certificates', ['cert']),
  resource('metrics.k8s.io/v1beta1', 'PodMetrics', 'pods'),
  resource('example.com/v2', 'Widget', 'widgets', ['po']),
  resource('example.com/v1', 'Widget', 'widgets'),
  resource('example.com/v1', 'Relic', 'relics'),
);

function found(path: string, apiVersion?: string): string {
  const target = findResource(DISCOVERY, path, apiVersion);
  return `${apiVersionOf(target.resource)} ${target.resource.resource} ${target.head.join('.')} [${target.fields.join(' ')}]`;
}

describe('a path starts with a resource', () => {
  it.each([
    ['by its plural', 'pods', 'v1 pods pods []'],
    ['by its singular', 'pod.spec.containers', 'v1 pods pod [spec containers]'],
    ['by its short name', 'deploy.spec', 'apps/v1 deployments deploy [spec]'],
    ['by its kind', 'Deployment.spec', 'apps/v1 deployments Deployment [spec]'],
    ['by its kind where it is called otherwise', 'PodMetrics', 'metrics.k8s.io/v1beta1 pods PodMetrics []'],
    ['with its group', 'deployments.apps.spec', 'apps/v1 deployments deployments.apps [spec]'],
    [
      'with a group of several labels',
      'certificates.cert-manager.io.spec',
      'cert-manager.io/v1 certificates certificates.cert-manager.io [spec]',
    ],
    [
      'by any name with its group',
      'cert.cert-manager.io.spec',
      'cert-manager.io/v1 certificates cert.cert-manager.io [spec]',
    ],
    [
      'of a group that is not the first',
      'events.events.k8s.io.note',
      'events.k8s.io/v1 events events.events.k8s.io [note]',
    ],
    ['of the first group without one', 'events.note', 'v1 events events [note]'],
    ['in the first version of its group', 'widgets', 'example.com/v2 widgets widgets []'],
    ['that only a later version has', 'relics', 'example.com/v1 relics relics []'],
    ['whose short name is claimed by a later one, too', 'po', 'v1 pods po []'],
  ])('%s', (_, path, meaning) => {
    expect(found(path)).toBe(meaning);
  });

  it.each([
    ['widgets', 'example.com/v1', 'example.com/v1 widgets widgets []'],
    ['ev.note', 'events.k8s.io/v1', 'events.k8s.io/v1 events ev [note]'],
    ['pods', 'metrics.k8s.io/v1beta1', 'metrics.k8s.io/v1beta1 pods pods []'],
    ['widgets.example.com.spec', 'example.com/v1', 'example.com/v1 widgets widgets.example.com [spec]'],
  ])('and %s in %s', (path, apiVersion, meaning) => {
    expect(found(path, apiVersion)).toBe(meaning);
  });

  it('by another name, when none of its own fits', () => {
    const [pods] = DISCOVERY.groups[0]?.versions[0]?.resources ?? [];
    const alias = (name: string) => (name === 'coreV1Pods' || name === 'events' ? pods : undefined);
    expect(findResource(DISCOVERY, 'coreV1Pods.spec', undefined, alias).resource).toBe(pods);
    expect(findResource(DISCOVERY, 'events', undefined, alias).resource).not.toBe(pods);
    expect(() => findResource(DISCOVERY, 'coreV1Pods', 'apps/v1', alias)).toThrow(/resource type/);
  });
});

describe('what is not served', () => {
  it.each([
    ['podz', undefined, `the server doesn't have a resource type "podz". Did you mean "pod" or "pods"?`],
    [
      'deploymnt.spec',
      undefined,
      `the server doesn't have a resource type "deploymnt". Did you mean "deployment" or "deployments"?`,
    ],
    ['xyzzyxyzzy', undefined, `the server doesn't have a resource type "xyzzyxyzzy"`],
    ['pods', 'apps/v1', `the server doesn't have a resource type "pods" in "apps/v1"`],
    ['pods', 'nope/v1', `the server doesn't have a resource type "pods" in "nope/v1"`],
    ['__proto__', undefined, `the server doesn't have a resource type "__proto__"`],
  ])('%s', (path, apiVersion, message) => {
    expect(() => findResource(DISCOVERY, path, apiVersion)).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND', message }),
    );
  });
});
