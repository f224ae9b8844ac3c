import { expect, it } from 'vitest';
import { noticingGone } from '../../../src/catalog/freshness/gone.ts';
import { type Identity, KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { stubUpstream } from '../support/test-engine.ts';

it.each([
  ['a collection that is not served', '/apis/gone.example.com/v1/things', true],
  ['an object of a collection that is not served', '/apis/gone.example.com/v1/namespaces/a/things/b', true],
  ['an object that is not there', '/apis/example.com/v1/namespaces/default/widgets/missing', false],
  ['a collection that is served', '/apis/example.com/v1/widgets', false],
  ['a path that is none of a resource', '/nothing', false],
])('notices %s: %s', async (_, path, isNoticed) => {
  const { upstream } = await stubUpstream();
  const noticed: Identity[] = [];
  const noticing = noticingGone(upstream, (identity) => noticed.push(identity));
  const answer = await noticing.send({ identity: KUBECONFIG_IDENTITY, method: 'GET', path });
  answer.body.destroy();
  expect(noticed).toEqual(isNoticed ? [KUBECONFIG_IDENTITY] : []);
});
