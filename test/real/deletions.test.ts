import { describe, expect, it } from 'vitest';
import { at, listAt } from './support/exact-json.ts';
import { createNamespace, openSuite, uniqueName } from './support/suite.ts';

const { kubectl, gateway, namespace } = await openSuite();

describe('all objects of a namespace', () => {
  it('are deleted only where that is said', async () => {
    const own = await createNamespace(kubectl);
    await kubectl.create(
      own,
      ...['a', 'b'].map((name) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name } })),
    );
    const remove = (args: string) =>
      gateway.ask(`mutation { deleteSecrets(namespace: "${own}"${args}) { items { metadata { name } } } }`);
    expect((await remove('')).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect((await remove(', labelSelector: ""')).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    expect(listAt(await kubectl.get('-n', own, 'secrets'), 'items')).toHaveLength(2);
    expect((await remove(', all: true')).data).toEqual({
      deleteSecrets: { items: [{ metadata: { name: 'a' } }, { metadata: { name: 'b' } }] },
    });
    expect(listAt(await kubectl.get('-n', own, 'secrets'), 'items')).toEqual([]);
  });
});

describe('propagation of a deletion', () => {
  const owner = async (): Promise<{ readonly name: string; readonly dependent: string }> => {
    const name = uniqueName();
    const meta = { apiVersion: 'v1', kind: 'ConfigMap' };
    await kubectl.create(namespace, { ...meta, metadata: { name } });
    const uid = at(await kubectl.get('-n', namespace, 'configmap', name), 'metadata', 'uid');
    const ownerReferences = [{ ...meta, name, uid, blockOwnerDeletion: true }];
    await kubectl.create(namespace, { ...meta, metadata: { name: `${name}-child`, ownerReferences } });
    return { name, dependent: `${name}-child` };
  };
  const remove = (name: string, policy: string) =>
    gateway.data(
      `mutation { deleteConfigMap(namespace: "${namespace}", name: "${name}", propagationPolicy: ${policy}) { pending object { metadata { finalizers } } } }`,
    );
  const gone = (name: string) =>
    kubectl.run(['wait', '-n', namespace, `configmap/${name}`, '--for=delete', '--timeout=60s']);

  it('Foreground waits for the dependents', async () => {
    const { name, dependent } = await owner();
    expect(await remove(name, 'Foreground')).toEqual({
      deleteConfigMap: { pending: true, object: { metadata: { finalizers: ['foregroundDeletion'] } } },
    });
    await gone(dependent);
    await gone(name);
  });

  it('Orphan leaves them, without the owner', async () => {
    const { name, dependent } = await owner();
    expect(await remove(name, 'Orphan')).toMatchObject({ deleteConfigMap: { pending: true } });
    await gone(name);
    const left = await kubectl.get('-n', namespace, 'configmap', dependent);
    expect(at(left, 'metadata', 'ownerReferences')).toBeUndefined();
  });

  it('Background takes the owner at once and them later', async () => {
    const { name, dependent } = await owner();
    expect(await remove(name, 'Background')).toEqual({ deleteConfigMap: { pending: false, object: null } });
    await gone(dependent);
  });

  it('a Pod goes after its grace period, or at once with 0 seconds', async () => {
    const pod = (name: string) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name },
      spec: { nodeName: 'kwok-node-0', containers: [{ name: 'a', image: 'example.com/none:1' }] },
    });
    await kubectl.create(namespace, pod('graceful'), pod('sudden'));
    const ask = (name: string, more = '') =>
      gateway.data(
        `mutation { deletePod(namespace: "${namespace}", name: "${name}"${more}) { pending object { metadata { name } } } }`,
      );
    expect(await ask('graceful')).toEqual({
      deletePod: { pending: true, object: { metadata: { name: 'graceful' } } },
    });
    expect(await ask('sudden', ', gracePeriodSeconds: 0')).toMatchObject({ deletePod: { pending: false } });
  });
});
