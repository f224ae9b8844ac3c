import { describe, expect, it } from 'vitest';
import { HiddenNames } from '../../../src/mapping/names/hidden-names.ts';
import { prefixesOf } from '../../../src/mapping/names/prefixes.ts';
import { DEFAULT_SCHEMA_OPTIONS, type SchemaOptions } from '../../../src/mapping/schema-options.ts';
import { stubGroupVersion } from '../support/stub-resources.ts';
import { catalogOf } from '../support/test-catalog.ts';

function hiddenBy(options: Partial<SchemaOptions>): HiddenNames {
  const { discovery } = catalogOf([
    stubGroupVersion('', 'v1', { Pod: 'pods' }),
    stubGroupVersion('a.example.com', 'v1', { Box: 'boxes' }),
    stubGroupVersion('a.example.com', 'v1alpha1', { Box: 'boxes', Lid: 'lids' }),
    stubGroupVersion('b.example.com', 'v1beta1', { Crate: 'crates' }),
  ]);
  return new HiddenNames(discovery, { ...DEFAULT_SCHEMA_OPTIONS, ...options }, prefixesOf(discovery));
}

const ALPHA = 'a.example.com/v1alpha1 is alpha, and only beta or better is shown';

describe('a name that options hide says why', () => {
  it.each<[string, Partial<SchemaOptions>, string | undefined]>([
    ['aExampleComV1alpha1Boxes', {}, ALPHA],
    ['lids', {}, ALPHA],
    ['boxes', {}, undefined],
    ['aExampleComV1Boxes', {}, undefined],
    ['nothing', {}, undefined],
    ['crates', { exclude: ['*.example.com'] }, 'b.example.com/v1beta1 is excluded'],
    ['pods', { include: ['b.example.com'] }, 'v1 is not included'],
    ['lids', { stability: 'ALPHA' }, undefined],
  ])('the field %s with %j', (name, options, reason) => {
    expect(hiddenBy(options).whyField('query', name)).toBe(reason);
  });

  it.each<[string, Partial<SchemaOptions>, string | undefined]>([
    ['AExampleComV1alpha1Box', {}, ALPHA],
    ['AExampleComV1alpha1LidSpecInput', {}, ALPHA],
    ['AExampleComV1alpha1LidConnection', {}, ALPHA],
    // The prefix of v1 begins it, too, and v1 is shown.
    ['AExampleComV1Box', {}, undefined],
    ['AExampleComV1Alpha1', {}, undefined],
    ['AExampleComV2Box', {}, undefined],
    ['ObjectMeta', {}, undefined],
    ['CoreV1Pod', { exclude: ['core'] }, 'v1 is excluded'],
    [
      'BExampleComV1beta1Crate',
      { stability: 'STABLE' },
      'b.example.com/v1beta1 is beta, and only stable or better is shown',
    ],
  ])('the type %s with %j', (name, options, reason) => {
    expect(hiddenBy(options).whyType(name)).toBe(reason);
  });
});
