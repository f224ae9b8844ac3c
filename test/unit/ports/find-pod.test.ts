import { describe, expect, it } from 'vitest';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { findPod, type FoundPod, type PodSearch } from '../../../src/ports/find-pod.ts';
import { targetFor } from '../cluster/support/kubeconfig.ts';
import { rejection, testUpstream } from '../cluster/support/upstream.ts';
import { podStreams } from '../support/pod-streams.ts';
import { podIn } from './support.ts';

type Objects = Readonly<Record<string, object>>;

async function find(objects: Objects, search: Pick<PodSearch, 'target' | 'remotes'>): Promise<FoundPod> {
  const { origin } = await podStreams({ objects });
  const upstream = testUpstream({ target: targetFor(origin) });
  return findPod({ upstream, identity: KUBECONFIG_IDENTITY, namespace: 'a', ...search });
}

const WEB = { kind: 'pod', name: 'web' } as const;
const SERVICE = { kind: 'service', name: 'web' } as const;
const DEPLOYMENT = { kind: 'deployment', name: 'web' } as const;

describe('a pod', () => {
  it('is the one that is named, with ports by number or name', async () => {
    const objects = { '/api/v1/namespaces/a/pods/web': podIn('web') };
    expect(await find(objects, { target: WEB, remotes: [81, 'http', 'metrics'] })).toEqual({
      pod: 'web',
      ports: [81, 8080, 9090],
    });
  });

  it.each([
    ['that does not run', podIn('web', { phase: 'Pending' }), [80], 'UNAVAILABLE', /it is Pending/],
    [
      'without a port of that name',
      podIn('web'),
      ['dns'],
      'BAD_USER_INPUT',
      /no TCP port that is called dns/,
    ],
    ['whose port of that name is UDP', podIn('web'), ['syslog'], 'BAD_USER_INPUT', /no TCP port/],
  ])('%s is refused', async (_, pod, remotes, code, message) => {
    const search = find({ '/api/v1/namespaces/a/pods/web': pod }, { target: WEB, remotes });
    expect(await rejection(search)).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('that is not there is NOT_FOUND', async () => {
    expect(await rejection(find({}, { target: WEB, remotes: [80] }))).toMatchObject({ code: 'NOT_FOUND' });
  });
});

const PODS = '/api/v1/namespaces/a/pods?labelSelector=app=web&limit=500';

function serviceWith(spec: object): Objects {
  const ports = [
    { name: 'http', port: 80, targetPort: 'http' },
    { name: 'plain', port: 81 },
    { name: 'number', port: 82, targetPort: 8082 },
    { name: 'syslog', port: 514, protocol: 'UDP' },
  ];
  return {
    '/api/v1/namespaces/a/services/web': {
      metadata: { name: 'web' },
      spec: { clusterIP: '10.0.0.1', selector: { app: 'web' }, ports, ...spec },
    },
    [PODS]: { items: [podIn('web-1')] },
  };
}

describe('a service', () => {
  it('is one of its pods, with the ports that its own lead to', async () => {
    expect(await find(serviceWith({}), { target: SERVICE, remotes: [80, 81, 82, 'http', 'number'] })).toEqual(
      {
        pod: 'web-1',
        ports: [8080, 81, 8082, 8080, 8082],
      },
    );
  });

  it('without an address has the ports that its pods have', async () => {
    expect(
      await find(serviceWith({ clusterIP: 'None' }), { target: SERVICE, remotes: [80, 'http'] }),
    ).toEqual({
      pod: 'web-1',
      ports: [80, 8080],
    });
  });

  it.each([
    ['without that port', {}, 8080, /no TCP port 8080/],
    ['whose port is UDP', {}, 514, /no TCP port 514/],
    ['that selects nothing', { selector: undefined }, 80, /selects no pods/],
    ['that selects nothing, in so many words', { selector: {} }, 80, /selects no pods/],
  ])('%s is refused', async (_, spec, remote, message) => {
    expect(await rejection(find(serviceWith(spec), { target: SERVICE, remotes: [remote] }))).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(message),
    });
  });
});

describe('a workload', () => {
  it('is a pod that its selector selects', async () => {
    const selector = {
      matchLabels: { app: 'web' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['a', 'b'] },
        { key: 'old', operator: 'NotIn', values: ['yes'] },
        { key: 'team', operator: 'Exists' },
        { key: 'gone', operator: 'DoesNotExist' },
      ],
    };
    const query = 'app=web,tier+in+(a,b),old+notin+(yes),team,!gone&limit=500';
    const objects = {
      '/apis/apps/v1/namespaces/a/deployments/web': { metadata: { name: 'web' }, spec: { selector } },
      [`/api/v1/namespaces/a/pods?labelSelector=${query}`]: { items: [podIn('web-7')] },
    };
    expect(await find(objects, { target: DEPLOYMENT, remotes: ['http'] })).toEqual({
      pod: 'web-7',
      ports: [8080],
    });
  });

  it('is its first pod that is ready and stays', async () => {
    const items = [
      podIn('pending', { phase: 'Pending' }),
      podIn('starting', { ready: 'False' }),
      podIn('leaving', { deletionTimestamp: '2026-01-01T00:00:00Z' }),
      podIn('good'),
      podIn('good-too'),
    ];
    expect(
      await find({ ...serviceWith({}), [PODS]: { items } }, { target: SERVICE, remotes: [81] }),
    ).toMatchObject({
      pod: 'good',
    });
  });

  it('of which no pod is ready is UNAVAILABLE', async () => {
    const objects = { ...serviceWith({}), [PODS]: { items: [podIn('starting', { ready: 'False' })] } };
    expect(await rejection(find(objects, { target: SERVICE, remotes: [80] }))).toMatchObject({
      code: 'UNAVAILABLE',
    });
  });
});
