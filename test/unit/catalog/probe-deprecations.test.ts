import { expect, it } from 'vitest';
import { Deprecations } from '../../../src/catalog/deprecations/deprecations.ts';
import { probeDeprecations } from '../../../src/catalog/deprecations/probe-deprecations.ts';
import type { Resource } from '../../../src/catalog/resource.ts';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { statusReply } from '../support/stub-reply.ts';
import { stubUpstream } from '../support/test-engine.ts';

const TEXT = 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice';

function resource(kind: string, plural: string, verbs: readonly string[] = ['get', 'list']): Resource {
  return {
    group: '',
    version: 'v1',
    kind,
    resource: plural,
    singular: kind.toLowerCase(),
    namespaced: true,
    verbs,
    shortNames: [],
    categories: [],
    subresources: [],
  };
}

it('learns which kinds are deprecated from one object of each, and passes over those that are refused', async () => {
  const { stub, upstream } = await stubUpstream();
  const accepts: unknown[] = [];
  stub.on('GET', '/api/v1/endpoints', ({ headers }) => {
    accepts.push(headers['accept']);
    return { body: { items: [] }, headers: { warning: `299 - "${TEXT}"` } };
  });
  stub.on('GET', '/api/v1/secrets', statusReply(403, 'Forbidden', 'no'));
  const deprecations = new Deprecations();
  const endpoints = resource('Endpoints', 'endpoints');
  const resources = [
    resource('Secret', 'secrets'),
    endpoints,
    resource('Pod', 'pods'),
    resource('Binding', 'bindings', ['create']),
  ];
  await probeDeprecations(upstream, KUBECONFIG_IDENTITY, resources, deprecations);
  expect(resources.map((each) => deprecations.reasonFor(each))).toEqual([
    undefined,
    TEXT,
    undefined,
    undefined,
  ]);
  expect(stub.calls.toSorted()).toEqual([
    'GET /api/v1/endpoints?limit=1',
    'GET /api/v1/pods?limit=1',
    'GET /api/v1/secrets?limit=1',
  ]);
  // Nobody has asked for what is in the objects.
  expect(accepts).toEqual([expect.stringMatching(/^application\/json;as=PartialObjectMetadataList;/)]);
});
