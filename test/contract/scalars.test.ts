import { describe, expect, it } from 'vitest';
import { at, textAt } from '../real/support/exact-json.ts';
import { admin, PATCH } from './support/api.ts';
import { newNamespace, uniqueName } from './support/namespace.ts';
import { container, unscheduledPod } from './support/objects.ts';
import { skipOn } from './support/skip.ts';
import { newWidgets } from './support/widgets.ts';

const widgets = await newWidgets();
const namespace = await newNamespace();
const PODS = `/api/v1/namespaces/${namespace}/pods`;
const SERVICES = `/api/v1/namespaces/${namespace}/services`;
const LEASES = `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
const WIDGETS = widgets.path(namespace);
const DRY = { query: { dryRun: 'All' } };

/** POSTs an object in which the text `"VALUE"` stands for the JSON text of a value, so that no digit is lost. */
function post(path: string, object: object, value: string) {
  return admin.post(
    path,
    JSON.stringify(object).replace('"VALUE"', () => value),
    DRY,
  );
}

describe('a quantity', () => {
  const postCpu = (value: string) =>
    post(
      PODS,
      unscheduledPod('q', { containers: [container('main', { resources: { limits: { cpu: 'VALUE' } } })] }),
      value,
    );

  it.each([
    ['0.1', '100m'],
    ['"1000m"', '1'],
    ['1.5', '1500m'],
    ['"1.5Gi"', '1536Mi'],
    ['"1024Mi"', '1Gi'],
    ['1073741824', '1073741824'],
    ['"0.0001"', '1m'],
    ['100000000000000000000', '100E'],
    ['"1e3"', '1e3'],
    ['"1500M"', '1500M'],
    ['"0.50"', '500m'],
    ['0', '0'],
  ])('%s is %s', async (value, expected) => {
    const { status, json } = await postCpu(value);
    expect({ status, cpu: at(json, 'spec', 'containers', 0, 'resources', 'limits', 'cpu') }).toEqual({
      status: 201,
      cpu: expected,
    });
  });

  it('as a number keeps how it was written', async () => {
    skipOn('demo', 'numbers are read as numbers, so that 1e3 is 1000 from then on');
    expect(at((await postCpu('1e3')).json, 'spec', 'containers', 0, 'resources', 'limits', 'cpu')).toBe(
      '1e3',
    );
  });

  it.each(['""', '"1,5"', '"1 Gi"', '"x"', 'true', '{}'])('is not %s', async (value) => {
    expect(await postCpu(value)).toMatchObject({ status: 400, json: { reason: 'BadRequest' } });
  });
});

describe('a number or a text', () => {
  const postPort = (value: string) => {
    const spec = { selector: { a: 'b' }, ports: [{ port: 80, targetPort: 'VALUE' }] };
    return post(SERVICES, { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec }, value);
  };

  it.each([
    ['80', 80],
    ['"http"', 'http'],
    ['null', 80],
  ])('%s stays what it is', async (value, expected) => {
    const { status, json } = await postPort(value);
    expect({ status, port: at(json, 'spec', 'ports', 0, 'targetPort') }).toEqual({
      status: 201,
      port: expected,
    });
  });

  it.each([
    ['80.0', 400],
    ['8e1', 400],
    ['2147483648', 400],
    ['true', 400],
    ['"80"', 422],
    ['"25%"', 422],
  ])('%s as a port is %i', async (value, status) => {
    expect((await postPort(value)).status).toBe(status);
  });
});

describe('an integer of a built-in kind', () => {
  const seconds = 'VALUE';
  const postSeconds = (value: string) =>
    post(PODS, unscheduledPod('i', { activeDeadlineSeconds: seconds }), value);

  it('has plain digits', async () => {
    expect(at((await postSeconds('2147483647')).json, 'spec', 'activeDeadlineSeconds')).toBe(2147483647);
  });

  it('may have a fraction of nothing in an apply', async () => {
    const object = JSON.stringify(unscheduledPod('i', { activeDeadlineSeconds: seconds })).replace(
      '"VALUE"',
      '1.0',
    );
    const answer = await admin.patch(`${PODS}/i`, PATCH.apply, object, {
      query: { dryRun: 'All', fieldManager: 'me' },
    });
    expect(answer).toMatchObject({ status: 201, json: { spec: { activeDeadlineSeconds: 1 } } });
  });

  it.each(['1.0', '1e0', '"1"', '1.5', '9223372036854775808'])('is not %s', async (value) => {
    const { status, json } = await postSeconds(value);
    expect(status).toBe(400);
    expect(textAt(json, 'message')).toMatch(
      /^Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal /,
    );
  });
});

describe('a number of a custom kind', () => {
  const postField = (field: string, value: string) =>
    post(WIDGETS, widgets.object('n', { [field]: 'VALUE' }), value);

  it.each([
    ['size', '9223372036854775807', 9223372036854775807n],
    ['size', '-9223372036854775808', -9223372036854775808n],
    ['size', '9007199254740993', 9007199254740993n],
    ['size', '1.0', 1],
    ['ratio', '1.0', 1],
    ['ratio', '0.1', 0.1],
    ['ratio', '1.5e300', 1.5e300],
  ])('in %s keeps %s', async (field, value, expected) => {
    const { status, json } = await postField(field, value);
    expect({ status, value: at(json, 'spec', field) }).toEqual({ status: 201, value: expected });
  });

  it.each([
    ['size', '1.5', 422],
    ['size', '9223372036854775808', 422],
    ['size', '"1"', 422],
    ['small', '2147483648', 422],
    ['ratio', '"1"', 422],
  ])('in %s is not %s', async (field, value, status) => {
    expect((await postField(field, value)).status).toBe(status);
  });

  it('is refused when it is larger than any double', async () => {
    skipOn('demo', 'numbers are read as numbers, and 1e400 is infinite');
    expect((await postField('ratio', '1e400')).status).toBe(400);
  });

  it('survives every digit of storing, patching, listing and watching', async () => {
    const name = uniqueName();
    const body = JSON.stringify(widgets.object(name, { size: 'VALUE' })).replace(
      '"VALUE"',
      '9007199254740993',
    );
    expect((await admin.post(WIDGETS, body)).status).toBe(201);
    expect((await admin.patch(`${WIDGETS}/${name}`, PATCH.merge, { spec: { mode: 'Fast' } })).text).toContain(
      '"size":9007199254740993',
    );
    expect((await admin.get(WIDGETS)).text).toContain('"size":9007199254740993');
  });
});

describe('a time', () => {
  const postRenewTime = (value: string) =>
    post(
      LEASES,
      {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: 'l' },
        spec: { renewTime: 'VALUE' },
      },
      value,
    );

  it('of microseconds has exactly six digits behind the dot', async () => {
    expect(at((await postRenewTime('"2026-01-01T00:00:00.123456Z"')).json, 'spec', 'renewTime')).toBe(
      '2026-01-01T00:00:00.123456Z',
    );
  });

  it.each([
    '"2026-01-01T00:00:00Z"',
    '"2026-01-01T00:00:00.123Z"',
    '"2026-01-01T00:00:00.123456789Z"',
    '"x"',
    '1',
  ])('of microseconds is not %s', async (value) => {
    expect((await postRenewTime(value)).status).toBe(400);
  });

  it.each([
    ['2026-01-01T00:00:00.987Z', '2026-01-01T00:00:00Z'],
    ['2026-01-01T02:00:00+02:00', '2026-01-01T00:00:00Z'],
  ])('of metadata is cut to seconds of UTC: %s', async (value, expected) => {
    const owner = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e' },
      involvedObject: { namespace },
      firstTimestamp: value,
    };
    const { json } = await admin.post(`/api/v1/namespaces/${namespace}/events`, owner, DRY);
    expect(at(json, 'firstTimestamp')).toBe(expected);
  });

  it('of a custom kind is kept as it was sent', async () => {
    const { json } = await admin.post(
      WIDGETS,
      widgets.object('t', { at: '2026-01-01T02:00:00.5+02:00' }),
      DRY,
    );
    expect(at(json, 'spec', 'at')).toBe('2026-01-01T02:00:00.5+02:00');
    expect((await admin.post(WIDGETS, widgets.object('t', { at: '2026-01-01' }), DRY)).status).toBe(422);
  });
});

describe('bytes', () => {
  const postSecret = (fields: object) =>
    admin.post(
      `/api/v1/namespaces/${namespace}/secrets`,
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, ...fields },
      DRY,
    );

  it('are base64, which stringData is made into', async () => {
    const { json } = await postSecret({ data: { a: 'AAEC' }, stringData: { b: 'text' } });
    expect(at(json, 'data')).toEqual({ a: 'AAEC', b: 'dGV4dA==' });
    expect(json).not.toHaveProperty('stringData');
  });

  it('are nothing else', async () => {
    expect((await postSecret({ data: { a: '%' } })).status).toBe(400);
  });
});

it('text keeps every character', async () => {
  const text = 'ü € 𝄞 \u0000 \u2028 "quoted" \\ <tag> \t\n';
  const { json } = await admin.post(
    `/api/v1/namespaces/${namespace}/configmaps`,
    { metadata: { name: 'c' }, data: { text } },
    DRY,
  );
  expect(at(json, 'data', 'text')).toBe(text);
});
