import { describe, expect, it } from 'vitest';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { KubegraphError } from '../../../src/errors/kubegraph-error.ts';
import { lookAtPod } from '../../../src/logs/look-at-pod.ts';
import { FakeNodes } from './support/fake-nodes.ts';

const POD = '/api/v1/namespaces/a/pods/x';
const LOG = `${POD}/log`;
const NAME = { metadata: { namespace: 'a', name: 'x' } };

function looking() {
  const nodes = new FakeNodes();
  const look = lookAtPod(nodes, KUBECONFIG_IDENTITY, { namespace: 'a', pod: 'x', container: 'c' });
  const see = async (): Promise<unknown> => {
    const json = await look(new AbortController().signal);
    return json === undefined ? undefined : JSON.parse(json.toString());
  };
  return { nodes, see };
}

it('sees the pod, and that it is gone', async () => {
  const { nodes, see } = looking();
  const pod = { ...NAME, spec: {} };
  nodes.objects.set(POD, pod);
  expect(await see()).toEqual(pod);
  nodes.objects.delete(POD);
  expect(await see()).toBeUndefined();
});

it('takes it for a failure that what it has seen is forbidden', async () => {
  const { nodes, see } = looking();
  nodes.objects.set(POD, NAME);
  nodes.log('x', 'c');
  await see();
  nodes.forbidden.add(POD);
  await expect(see()).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

describe('where the log alone is permitted', () => {
  function alone() {
    const { nodes, see } = looking();
    nodes.forbidden.add(POD);
    return { nodes, see, log: () => nodes.log('x', 'c') };
  }

  it('sees the name of a pod that has one, and asks for as little of it as there is', async () => {
    const { see, log } = alone();
    const { asked } = log();
    expect(await see()).toEqual(NAME);
    expect(asked).toMatchObject([{ container: 'c', tailLines: '1', limitBytes: '1', follow: undefined }]);
  });

  it('sees that there is no pod', async () => {
    expect(await alone().see()).toBeUndefined();
  });

  it('passes on what the API server says about the request, but not of a container that is started again', async () => {
    const { see, log } = alone();
    const reason = new KubegraphError('BAD_REQUEST', 'a container name must be specified');
    log().refusals.push(reason, reason);
    await expect(see()).rejects.toBe(reason);
    expect(await see()).toEqual(NAME);
  });

  it('takes it for a failure that the log is forbidden, from the beginning and later', async () => {
    const { nodes, see, log } = alone();
    log();
    await see();
    nodes.forbidden.add(LOG);
    await expect(see()).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const never = alone();
    never.nodes.forbidden.add(LOG);
    await expect(never.see()).rejects.toMatchObject({ code: 'FORBIDDEN', message: `not for you: ${LOG}` });
  });
});
