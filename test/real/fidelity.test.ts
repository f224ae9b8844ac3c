import { describe, expect, it } from 'vitest';
import { createWidgets } from './support/custom-kind.ts';
import { at, parseExact, textAt } from './support/exact-json.ts';
import { openSuite, uniqueName } from './support/suite.ts';

const { kubectl, gateway, namespace } = await openSuite();
const widgets = await createWidgets(kubectl);

/** Creates a Widget from JSON text, whose digits no program here touches, and answers its name. */
async function createWidget(specJson: string): Promise<string> {
  const name = uniqueName();
  const { apiVersion } = widgets;
  const text = `{"apiVersion":"${apiVersion}","kind":"Widget","metadata":{"name":"${name}"},"spec":${specJson}}`;
  await kubectl.run(['create', '-n', namespace, '-f', '-'], text);
  return name;
}

async function readWidget(name: string, selection: string) {
  const data = await gateway.data(
    `{ one: ${widgets.get}(name: "${name}", namespace: "${namespace}") { ${selection} } }`,
  );
  return at(data, 'one');
}

/** Writes a Widget's spec through the gateway and answers what kubectl then finds stored. */
async function writeWidget(spec: string, variables: object = {}, declarations = '') {
  const name = uniqueName();
  const input = `{ metadata: { name: "${name}" }, spec: ${spec} }`;
  await gateway.data(
    `mutation ${declarations} { create${widgets.typeName}(namespace: "${namespace}", input: ${input}) { id } }`,
    { ...variables },
  );
  return at(await kubectl.get('-n', namespace, `widgets.${widgets.group}`, name), 'spec');
}

describe('keys', () => {
  it('of labels keep dots and slashes', async () => {
    const labels = { 'app.kubernetes.io/name': 'a', 'example.com/a-b_c.d': '1' };
    await kubectl.create(namespace, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'labelled', labels },
    });
    const data = await gateway.data(
      `{ configMap(name: "labelled", namespace: "${namespace}") { metadata { labels } } }`,
    );
    expect(data).toEqual({ configMap: { metadata: { labels } } });
  });

  it('of Secret data keep their dots, both ways', async () => {
    const secret = { metadata: { name: 'keys' }, data: { 'tls.crt': 'AAEC', '.hidden-file': '' } };
    await gateway.data(
      `mutation ($secret: CoreV1SecretInput!) { createSecret(namespace: "${namespace}", input: $secret) { id } }`,
      { secret },
    );
    expect(at(await kubectl.get('-n', namespace, 'secret', 'keys'), 'data')).toEqual(secret.data);
    const data = await gateway.data(`{ secret(name: "keys", namespace: "${namespace}") { data } }`);
    expect(data).toEqual({ secret: { data: secret.data } });
  });

  it('that GraphQL does not allow become `_`, both ways', async () => {
    const stored = await writeWidget('{ _ref: "a", x_kubernetes_odd: "b", with_dash: "c" }');
    expect(stored).toMatchObject({ $ref: 'a', 'x-kubernetes-odd': 'b', 'with-dash': 'c' });
    const name = await createWidget('{"$ref":"a","x-kubernetes-odd":"b","with-dash":"c"}');
    expect(await readWidget(name, 'spec { _ref x_kubernetes_odd with_dash }')).toEqual({
      spec: { _ref: 'a', x_kubernetes_odd: 'b', with_dash: 'c' },
    });
  });
});

describe('64-bit integers keep every digit', () => {
  const values = ['9007199254740993', '9223372036854775807', '-9223372036854775808', '42'];

  it.each(values)('%s read from a custom resource', async (digits) => {
    const name = await createWidget(`{"size":${digits}}`);
    const { text } = await gateway.ask(
      `{ one: ${widgets.get}(name: "${name}", namespace: "${namespace}") { spec { size } raw } }`,
    );
    expect(text).toContain(`"spec":{"size":${digits}}`);
    // In the typed field and in `raw`.
    expect(text.split(`"size":${digits}`)).toHaveLength(3);
  });

  it.each(values)('%s in a list', async (digits) => {
    const name = await createWidget(`{"size":${digits}}`);
    const { text } = await gateway.ask(
      `{ ${widgets.list}(namespace: "${namespace}", fieldSelector: "metadata.name=${name}") { items { spec { size } } } }`,
    );
    expect(text).toContain(`"items":[{"spec":{"size":${digits}}}]`);
  });

  it.each(values)('%s written in the document, and as text in variables', async (digits) => {
    const expected = { defaulted: 7, size: Number(digits) <= 42 && Number(digits) > 0 ? 42 : BigInt(digits) };
    expect(await writeWidget(`{ size: ${digits} }`)).toEqual(expected);
    expect(await writeWidget('{ size: $size }', { size: digits }, '($size: Int64)')).toEqual(expected);
  });

  it('and are refused as numbers in variables, where they have lost digits', async () => {
    const failure = await gateway.failure(
      `mutation ($size: Int64) { create${widgets.typeName}(namespace: "${namespace}", input: { spec: { size: $size } }) { id } }`,
      { size: 2 ** 53 },
    );
    expect(failure.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('scalars', () => {
  it.each([
    ['8080', 8080],
    ['"http"', 'http'],
    ['"25%"', '25%'],
    ['"8080"', '8080'],
  ])('IntOrString %s keeps its type, both ways', async (literal, value) => {
    expect(at(await writeWidget(`{ port: ${literal} }`), 'port')).toBe(value);
    expect(at(await writeWidget('{ port: $port }', { port: value }, '($port: IntOrString)'), 'port')).toBe(
      value,
    );
    const name = await createWidget(`{"port":${literal}}`);
    expect(await readWidget(name, 'spec { port }')).toEqual({ spec: { port: value } });
  });

  it('IntOrString of a Service keeps its type, both ways', async () => {
    const ports = '[{ name: "a", port: 80, targetPort: 8080 }, { name: "b", port: 81, targetPort: "http" }]';
    const data = await gateway.data(
      `mutation { createService(namespace: "${namespace}", input: { metadata: { name: "ports" }, spec: { ports: ${ports} } }) { spec { ports { targetPort } } } }`,
    );
    expect(at(data, 'createService', 'spec', 'ports')).toEqual([
      { targetPort: 8080 },
      { targetPort: 'http' },
    ]);
    const stored = await kubectl.get('-n', namespace, 'service', 'ports');
    expect([0, 1].map((index) => at(stored, 'spec', 'ports', index, 'targetPort'))).toEqual([8080, 'http']);
  });

  it.each([
    ['0.1', '100m'],
    ['"1000m"', '1'],
    ['1.5', '1500m'],
    ['"1.5Gi"', '1536Mi'],
    ['1073741824', '1073741824'],
    ['"1e3"', '1e3'],
  ])('Quantity %s is stored and answered as %s', async (literal, canonical) => {
    const name = uniqueName();
    const hard = `{ hard: { cpu: ${literal} } }`;
    const data = await gateway.data(
      `mutation { createResourceQuota(namespace: "${namespace}", input: { metadata: { name: "${name}" }, spec: ${hard} }) { spec { hard } } }`,
    );
    expect(at(data, 'createResourceQuota', 'spec', 'hard')).toEqual({ cpu: canonical });
    expect(at(await kubectl.get('-n', namespace, 'resourcequota', name), 'spec', 'hard')).toEqual({
      cpu: canonical,
    });
  });

  it('MicroTime keeps its six digits, both ways', async () => {
    const times = { acquireTime: '2026-01-01T00:00:00.123456Z', renewTime: '2026-01-01T00:00:00.000000Z' };
    const data = await gateway.data(
      `mutation ($spec: CoordinationV1LeaseSpecInput!) { createLease(namespace: "${namespace}", input: { metadata: { name: "times" }, spec: $spec }) { spec { acquireTime renewTime } } }`,
      { spec: times },
    );
    expect(at(data, 'createLease', 'spec')).toEqual(times);
    expect(at(await kubectl.get('-n', namespace, 'lease', 'times'), 'spec')).toMatchObject(times);
  });

  it('DateTime is answered as the API server wrote it', async () => {
    const stored = at(await kubectl.get('namespace', namespace), 'metadata', 'creationTimestamp');
    expect(stored).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const data = await gateway.data(`{ namespace(name: "${namespace}") { metadata { creationTimestamp } } }`);
    expect(data).toEqual({ namespace: { metadata: { creationTimestamp: stored } } });
  });

  it('base64 is handed through byte for byte', async () => {
    const binaryData = {
      all: Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('base64'),
    };
    await kubectl.create(namespace, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'bytes' },
      binaryData,
    });
    const data = await gateway.data(`{ configMap(name: "bytes", namespace: "${namespace}") { binaryData } }`);
    expect(data).toEqual({ configMap: { binaryData } });
  });

  it.each(['0.1', '1', '1.7976931348623157e308', '-5e-324'])(
    'a double %s is what kubectl sees',
    async (digits) => {
      const name = await createWidget(`{"ratio":${digits}}`);
      const stored = at(
        await kubectl.get('-n', namespace, `widgets.${widgets.group}`, name),
        'spec',
        'ratio',
      );
      expect(await readWidget(name, 'spec { ratio }')).toEqual({ spec: { ratio: stored } });
    },
  );

  it.each<[string, number | bigint]>([
    ['2.5', 2.5],
    ['1e3', 1000],
    ['9007199254740993', 9007199254740993n],
    ['-9223372036854775807', -9223372036854775807n],
  ])('a number %s written in the document is stored with every digit', async (digits, stored) => {
    expect(at(await writeWidget(`{ ratio: ${digits} }`), 'ratio')).toBe(stored);
  });

  it('a number that has lost digits in variables is refused', async () => {
    const failure = await gateway.failure(
      `mutation ($ratio: Float) { create${widgets.typeName}(namespace: "${namespace}", input: { spec: { ratio: $ratio } }) { id } }`,
      { ratio: 2 ** 53 },
    );
    expect(failure.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});

describe('text', () => {
  it('of every kind comes back as it was written', async () => {
    const text =
      'quote " backslash \\ slash / tab \t line \n \u2028 \u2029 nul-like \\u0000 ü 漢 😀 </script>';
    expect(at(await writeWidget('{ text: $text }', { text }, '($text: String)'), 'text')).toBe(text);
    const name = await createWidget(JSON.stringify({ text }));
    expect(await readWidget(name, 'spec { text }')).toEqual({ spec: { text } });
  });

  it('as YAML is read by kubectl as the same object', async () => {
    const words =
      'yes no on off y N true ~ null 1:20 0x1F 0o7 0777 0b1 1_000 +1 1e3 .5 -.inf .nan 2026-01-01 = <<';
    const marks = [
      '',
      ' before',
      'after ',
      'a: b',
      'a #b',
      '- a',
      '? a',
      '*a',
      '&a',
      '!a',
      '%a',
      '@a',
      '`a',
      '|',
      '"',
      "'",
    ];
    const texts = [
      ...words.split(' '),
      ...marks,
      'two\nlines',
      'ends\n',
      '\n',
      '\ttab',
      '\u2028',
      'é 漢 😀',
      '\u0007',
    ];
    const free = { texts, keys: Object.fromEntries(texts.map((text) => [text, null])), empty: {}, none: [] };
    const name = await createWidget(
      `{"size":9223372036854775807,"ratio":0.1,"free":${JSON.stringify(free)}}`,
    );
    const one = await readWidget(name, 'yaml raw');
    const read = [
      'create',
      '--dry-run=client',
      '--validate=false',
      '-o',
      'json',
      '--show-managed-fields',
      '-f',
      '-',
    ];
    const output = await kubectl.run(read, textAt(one, 'yaml'));
    expect(parseExact(output)).toEqual(at(one, 'raw'));
  });
});

describe('what a schema does not say', () => {
  it('is in JSON fields and in `raw`, digits and nulls included', async () => {
    const spec =
      '{"free":{"a":{"b":[1,null,{}]},"big":9007199254740993},"open":{"known":"k","unknown":[9007199254740993]}}';
    const name = await createWidget(spec);
    const free = { a: { b: [1, null, {}] }, big: 9007199254740993n };
    const open = { known: 'k', unknown: [9007199254740993n] };
    expect(await readWidget(name, 'spec { free open { known raw } } raw')).toMatchObject({
      spec: { free, open: { known: 'k', raw: open } },
      raw: { spec: { free, open } },
    });
  });

  it('can be written beside what it says', async () => {
    const stored = await writeWidget(
      '{ free: { a: [1, { b: null }] }, open: { known: "k", raw: { unknown: 9007199254740993 } } }',
    );
    expect(stored).toMatchObject({
      free: { a: [1, { b: null }] },
      open: { known: 'k', unknown: 9007199254740993n },
    });
  });
});

describe('null and absent', () => {
  it('are told apart where Kubernetes does', async () => {
    const written = await writeWidget('{ nothing: null, text: "x" }');
    expect(written).toEqual({ defaulted: 7, nothing: null, text: 'x' });
    expect(await writeWidget('{ text: "x" }')).toEqual({ defaulted: 7, text: 'x' });
  });

  it('are both null in typed fields, and as they are in `raw`', async () => {
    const withNull = await createWidget('{"nothing":null}');
    const without = await createWidget('{}');
    expect(at(await readWidget(withNull, 'spec { nothing }'), 'spec')).toEqual({ nothing: null });
    expect(at(await readWidget(without, 'spec { nothing }'), 'spec')).toEqual({ nothing: null });
    expect(at(await readWidget(withNull, 'raw'), 'raw', 'spec')).toEqual({ defaulted: 7, nothing: null });
    expect(at(await readWidget(without, 'raw'), 'raw', 'spec')).toEqual({ defaulted: 7 });
  });

  it('remove a key in a merge patch', async () => {
    const metadata = { name: 'nulls' };
    await kubectl.create(namespace, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { gone: '1', kept: '2' },
    });
    await gateway.data(
      `mutation { patchConfigMap(name: "nulls", namespace: "${namespace}", patch: { data: { gone: null } }) { id } }`,
    );
    expect(at(await kubectl.get('-n', namespace, 'configmap', 'nulls'), 'data')).toEqual({ kept: '2' });
  });
});
