import { describe, expect, it } from 'vitest';
import { Deprecations } from '../../../src/catalog/deprecations/deprecations.ts';

const ENDPOINTS = { group: '', version: 'v1', kind: 'Endpoints' };
const POLICY = { group: 'policy', version: 'v1beta1', kind: 'PodSecurityPolicy' };
const CRON_TAB = { group: 'stable.example.com', version: 'v1beta1', kind: 'CronTab' };
const TCP_ROUTE = { group: 'gateway.networking.k8s.io', version: 'v1alpha2', kind: 'TCPRoute' };
const BUDGET = { group: 'budgets.aws.upbound.io', version: 'v1beta1', kind: 'Budget' };

function reasonAfter(of: typeof ENDPOINTS, warnings: readonly string[], isRead: boolean): string | undefined {
  const deprecations = new Deprecations();
  deprecations.observe(of, warnings, isRead);
  return deprecations.reasonFor(of);
}

describe("the API server's own words are a reason, on any call:", () => {
  it.each([
    [ENDPOINTS, 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'],
    [POLICY, 'policy/v1beta1 PodSecurityPolicy is deprecated in v1.21+, unavailable in v1.25+'],
    [CRON_TAB, 'stable.example.com/v1beta1 CronTab is deprecated'],
    [CRON_TAB, 'stable.example.com/v1beta1 CronTab is deprecated; use stable.example.com/v1 CronTab'],
  ])('%j %s', (of, text) => {
    const warnings = ['unknown field "spec.x"', text];
    expect([reasonAfter(of, warnings, false), reasonAfter(of, warnings, true)]).toEqual([text, text]);
  });
});

describe("a custom resource's own words are a reason on reads, where nothing else can have been meant:", () => {
  it.each([
    [
      TCP_ROUTE,
      'The v1alpha2 version of TCPRoute has been deprecated and will be removed in a future release of the API. Please upgrade to v1.',
    ],
    [BUDGET, 'This API version is deprecated. Deprecated since v2.6.0.'],
    [CRON_TAB, 'CronTab is deprecated, see https://example.com/crontabs'],
    [CRON_TAB, 'v1beta1: deprecated'],
  ])('%j %s', (of, text) => {
    expect([reasonAfter(of, [text], false), reasonAfter(of, [text], true)]).toEqual([undefined, text]);
  });
});

describe('what is about something else is no reason:', () => {
  it.each([
    'unknown field "spec.deprecated"',
    'metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: [must be no more than 63 characters]',
    'annotation "kubernetes.io/ingress.class" is deprecated, please use \'spec.ingressClassName\' instead',
    'spec.template.metadata.annotations[scheduler.alpha.kubernetes.io/critical-pod]: non-functional in v1.16+; use the "priorityClassName" field instead',
    'would violate PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
    'Use tokens from the TokenRequest API or manually created secret-based tokens instead of auto-generated secret-based tokens.',
    'this cluster endpoint is deprecated, use https://new.example.com',
    'policy/v1beta1 PodSecurityPolicy is deprecated in v1.21+, unavailable in v1.25+',
    'v1 EndpointsList is new',
    'stable.example.com/v1beta1 CronTabX is deprecated',
  ])('%s', (text) => {
    for (const of of [ENDPOINTS, CRON_TAB]) {
      expect([reasonAfter(of, [text], false), reasonAfter(of, [text], true)]).toEqual([undefined, undefined]);
    }
  });
});

describe('what is known', () => {
  const text = 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice';

  it('changes its revision only with something new', () => {
    const deprecations = new Deprecations();
    const revisions = [deprecations.revision];
    for (const warnings of [
      [],
      ['unknown field "x"'],
      [text],
      [text],
      [],
      ['v1 Endpoints is deprecated in v1.33+'],
    ]) {
      deprecations.observe(ENDPOINTS, warnings, true);
      revisions.push(deprecations.revision);
    }
    expect(revisions.map((revision) => revisions.indexOf(revision))).toEqual([0, 0, 0, 3, 3, 3, 3]);
    expect(deprecations.reasonFor(ENDPOINTS)).toBe(text);
  });

  it('is no longer than authors of custom resources may be', () => {
    const deprecations = new Deprecations();
    deprecations.observe(ENDPOINTS, [`v1 Endpoints is deprecated ${'x'.repeat(10_000)}`]);
    expect(deprecations.reasonFor(ENDPOINTS)).toHaveLength(256);
  });

  it('is nothing that admission says of one object', () => {
    const deprecations = new Deprecations();
    deprecations.observe(ENDPOINTS, ['v1 Endpoints team-a/secret uses a deprecated address']);
    expect(deprecations.reasonFor(ENDPOINTS)).toBeUndefined();
  });

  it('is of one kind in one version', () => {
    const deprecations = new Deprecations();
    deprecations.observe(ENDPOINTS, [text]);
    expect(deprecations.reasonFor({ ...ENDPOINTS, version: 'v2' })).toBeUndefined();
    expect(deprecations.reasonFor({ ...ENDPOINTS, kind: 'Pod' })).toBeUndefined();
  });

  it('outlasts answers that do not repeat it', () => {
    const deprecations = new Deprecations();
    deprecations.observe(ENDPOINTS, [text]);
    deprecations.observe(ENDPOINTS, [], true);
    expect(deprecations.reasonFor(ENDPOINTS)).toBe(text);
  });
});
