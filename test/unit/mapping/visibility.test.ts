import { describe, expect, it } from 'vitest';
import { DEFAULT_SCHEMA_OPTIONS, type SchemaOptions } from '../../../src/mapping/schema-options.ts';
import { shownDiscovery, whyHidden } from '../../../src/mapping/names/visibility.ts';
import { apiVersionOf } from '../../../src/catalog/resource.ts';
import { stubGroupVersion } from '../support/stub-resources.ts';
import { discoveryOf } from '../support/test-catalog.ts';

const CLUSTER = [
  stubGroupVersion('', 'v1', { Pod: 'pods' }),
  stubGroupVersion('apps', 'v1', { Deployment: 'deployments' }),
  stubGroupVersion('argoproj.io', 'v1alpha1', { Application: 'applications' }),
  stubGroupVersion('ec2.aws.upbound.io', 'v1beta2', { Instance: 'instances' }),
  stubGroupVersion('ec2.aws.upbound.io', 'v1beta1', { Instance: 'instances' }),
  stubGroupVersion('upbound.io', 'v1', { Thing: 'things' }),
];

/** The group-versions that are shown. */
function shown(options: Partial<SchemaOptions>): readonly string[] {
  const discovery = shownDiscovery(discoveryOf(CLUSTER), { ...DEFAULT_SCHEMA_OPTIONS, ...options });
  return discovery.groups.flatMap(({ versions }) => versions.map(apiVersionOf));
}

const BETA = ['v1', 'apps/v1', 'ec2.aws.upbound.io/v1beta2', 'ec2.aws.upbound.io/v1beta1', 'upbound.io/v1'];

describe('a schema shows', () => {
  it.each<[string, Partial<SchemaOptions>, readonly string[]]>([
    ['everything but alpha versions, unless it is told', {}, BETA],
    [
      'alpha versions when it is asked',
      { stability: 'ALPHA' },
      [...BETA.slice(0, 2), 'argoproj.io/v1alpha1', ...BETA.slice(2)],
    ],
    ['stable versions only when it is asked', { stability: 'STABLE' }, ['v1', 'apps/v1', 'upbound.io/v1']],
    ['the groups that are included', { include: ['apps', 'upbound.io'] }, ['apps/v1', 'upbound.io/v1']],
    ['the core group by that name', { include: ['core'] }, ['v1']],
    [
      'all groups below a domain, which is not one of them',
      { include: ['*.upbound.io'] },
      ['ec2.aws.upbound.io/v1beta2', 'ec2.aws.upbound.io/v1beta1'],
    ],
    ['one version of a group', { include: ['ec2.aws.upbound.io/v1beta1'] }, ['ec2.aws.upbound.io/v1beta1']],
    ['an alpha version that is named', { include: ['argoproj.io/v1alpha1'] }, ['argoproj.io/v1alpha1']],
    ['no alpha version for its group being named', { include: ['argoproj.io'] }, []],
    [
      'nothing that is excluded, also where it is included',
      { include: ['apps', 'core'], exclude: ['apps'] },
      ['v1'],
    ],
    ['no excluded version', { exclude: ['*.upbound.io', 'v1'] }, ['apps/v1', 'upbound.io/v1']],
  ])('%s', (_, options, expected) => {
    expect(shown(options)).toEqual(expected);
  });
});

describe('what is hidden says why', () => {
  it.each<[string, Partial<SchemaOptions>, string | undefined]>([
    ['argoproj.io/v1alpha1', {}, 'is alpha, and only beta or better is shown'],
    ['apps/v1', { exclude: ['apps'] }, 'is excluded'],
    ['apps/v1', { include: ['core'] }, 'is not included'],
    ['apps/v1', {}, undefined],
  ])('%s with %j', (apiVersion, options, reason) => {
    const [group, version] = apiVersion.split('/') as [string, string];
    expect(whyHidden({ group, version }, { ...DEFAULT_SCHEMA_OPTIONS, ...options })).toBe(reason);
  });
});
