import { describe, expect, it } from 'vitest';
import { deprecationIn } from '../../../src/mapping/definitions/deprecation.ts';

// All of these are from Kubernetes and from custom resources in use.
describe('a description says that something is deprecated', () => {
  it.each([
    [
      'DeprecatedServiceAccount is a deprecated alias for ServiceAccountName.\nDeprecated: Use serviceAccountName instead.',
      'Use serviceAccountName instead.',
    ],
    [
      'ComponentStatus holds the cluster validation info. Deprecated: This API is deprecated in v1.19+',
      'This API is deprecated in v1.19+',
    ],
    ['Deprecated: use `warmup` instead.', 'use `warmup` instead.'],
    ['DEPRECATED: use Parameters instead', 'use Parameters instead'],
    ['Deprecated. Use ImageReferences instead.', 'Use ImageReferences instead.'],
    ['Deprecated, use generateExisting instead', 'use generateExisting instead'],
    ['Deprecated in favor of Conditions', 'Deprecated in favor of Conditions'],
    [
      'MaxBytes represents the quota in bytes\nDeprecated in favor of MaxSize',
      'Deprecated in favor of MaxSize',
    ],
    ['status is deprecated: this field is never set.', 'this field is never set.'],
    [
      'The Secret.\n\nDeprecated: use `authorization`\ninstead.\n\nIt has to be there.',
      'use `authorization` instead.',
    ],
    ['rbd is a mount. (Deprecated: RBD is gone.)', 'RBD is gone.)'],
  ])('%j', (description, reason) => {
    expect(deprecationIn(description)).toBe(reason);
  });
});

const NO_REASON = 'The API server does not say why, or what to use instead.';

describe('a description that says no more than that has a reason that says so', () => {
  it.each([
    ['Deprecated.'],
    ['Deprecated'],
    ['Deprecated:'],
    ['Deprecated: '],
    ['Deprecated: -'],
    ['How many there are. Deprecated.'],
    ['Deprecated.\n\nHow many there are.'],
  ])('%j', (description) => {
    expect(deprecationIn(description)).toBe(NO_REASON);
  });
});

describe('a description does not', () => {
  it.each([
    [undefined],
    [''],
    ['How many replicas there are.'],
    ['deprecated groups all the status fields that are deprecated and will be removed.'],
    ['conditions, which replace the deprecated status fields'],
    ['It is also supported for backwards compatibility\nbut will be deprecated in the next major release.'],
  ])('%j', (description) => {
    expect(deprecationIn(description)).toBeUndefined();
  });
});
