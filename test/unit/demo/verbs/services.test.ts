import { expect, it } from 'vitest';
import { type Answer, type Body, TestApi } from './support.ts';

function create(api: TestApi, name: string, spec: object, query?: string): Promise<Answer> {
  const body = { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec };
  return api.create({ resource: 'services', body, ...(query === undefined ? {} : { query }) });
}

const ports = [{ port: 80 }];

it.each([
  [
    'with a selector gets one family',
    { clusterIP: 'None', ports, selector: { a: 'b' } },
    { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' },
  ],
  [
    'without a selector gets all',
    { clusterIP: 'None', ports },
    { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' },
  ],
])('a headless service %s', async (_, spec, families) => {
  const { body } = await create(new TestApi(), 's', spec);
  expect(body['spec']).toMatchObject({ clusterIP: 'None', clusterIPs: ['None'], ...families });
});

it('services have addresses and node ports that no other one has', async () => {
  const api = new TestApi();
  const specs: Body[] = [];
  for (let at = 0; at < 40; at++) {
    const { body } = await create(api, `s${at}`, { type: 'NodePort', ports });
    specs.push(body['spec'] as Body);
  }
  expect(new Set(specs.map(({ clusterIP }) => clusterIP)).size).toBe(specs.length);
  const nodePorts = specs.map((spec) => (spec['ports'] as unknown as [{ nodePort: number }])[0].nodePort);
  expect(new Set(nodePorts).size).toBe(specs.length);
  expect(nodePorts.every((port) => port >= 30_000 && port < 32_768)).toBe(true);
});

it('an external name has no address', async () => {
  const { body } = await create(new TestApi(), 's', { type: 'ExternalName', externalName: 'a.b' });
  expect(body['spec']).toEqual({ type: 'ExternalName', externalName: 'a.b', sessionAffinity: 'None' });
});

it('a service that becomes a NodePort gets its ports, and keeps its address', async () => {
  const api = new TestApi();
  const { body } = await create(api, 's', { ports });
  const changed = await api.patch('merge', {
    resource: 'services',
    name: 's',
    body: { spec: { type: 'NodePort' } },
  });
  expect(changed.body['spec']).toMatchObject({
    clusterIP: body['spec']?.['clusterIP'],
    ports: [{ nodePort: expect.any(Number) as number }],
  });
});

const OWN = { clusterIP: '10.96.1.2', type: 'NodePort', ports: [{ port: 80, nodePort: 30_001 }] };

it.each([
  [
    { clusterIP: '10.96.1.2', ports },
    'spec.clusterIPs: Invalid value: ["10.96.1.2"]: failed to allocate IP 10.96.1.2: provided IP is already allocated',
  ],
  [
    { clusterIP: '1.2.3.4', ports },
    'spec.clusterIPs: Invalid value: ["1.2.3.4"]: failed to allocate IP 1.2.3.4: the provided network does not match the current range',
  ],
  [
    { type: 'NodePort', ports: [{ port: 80, nodePort: 30_001 }] },
    'spec.ports[0].nodePort: Invalid value: 30001: provided port is already allocated',
  ],
])('a service may not have %j beside one that has it', async (spec, why) => {
  const api = new TestApi();
  await create(api, 'first', OWN);
  const { status, body } = await create(api, 'second', spec);
  expect([status, body['message']]).toEqual([422, `Service "second" is invalid: ${why}`]);
});
