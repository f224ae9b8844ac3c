import { describe, expect, it } from 'vitest';
import { NODES, PODS } from '../support/standard-cluster.ts';
import { PAGE_NOT_FOUND, statusReply } from '../support/stub-reply.ts';
import { codesOf, testEngine } from '../support/test-engine.ts';

describe('a field that fails', () => {
  it('is null with an error at its path, while its siblings answer', async () => {
    const { run, stub } = await testEngine();
    stub.collection(NODES).put({ metadata: { name: 'n' } });
    const answer = await run('{ missing: pod(namespace: "a", name: "b") { kind } node(name: "n") { kind } }');
    expect(answer.data).toEqual({ missing: null, node: { kind: 'Node' } });
    expect(answer.errors).toEqual([
      {
        message: 'pods "b" not found',
        path: ['missing'],
        locations: [{ line: 1, column: 3 }],
        extensions: {
          code: 'NOT_FOUND',
          kubernetes: { reason: 'NotFound', code: 404, details: { name: 'b', kind: 'pods' } },
        },
      },
    ]);
  });

  it.each([
    ['an unknown route', PAGE_NOT_FOUND, 'NOT_FOUND', '404 page not found'],
    [
      'no permission',
      statusReply(403, 'Forbidden', 'pods "b" is forbidden: User "x" cannot get'),
      'FORBIDDEN',
      'pods "b" is forbidden: User "x" cannot get',
    ],
    [
      'a proxy that gave up',
      { status: 502, body: '<html>upstream 10.0.0.1</html>', contentType: 'text/html' },
      'UPSTREAM_ERROR',
      'the API server answered 502',
    ],
  ])('says what the API server said: %s', async (_, reply, code, message) => {
    const { run, stub } = await testEngine();
    stub.on('GET', '/api/v1/namespaces/a/pods/b', reply);
    const { errors } = await run('{ pod(namespace: "a", name: "b") { kind } }');
    expect(errors).toMatchObject([{ message, extensions: { code } }]);
  });

  it('never quotes a stored Secret', async () => {
    const { run, stub } = await testEngine();
    const secret = '{\\"data\\":{\\"password\\":\\"aHVudGVyMg==\\"},\\"kind\\":\\"Secret\\"}';
    stub.on(
      'PATCH',
      '/api/v1/namespaces/a/secrets/b',
      statusReply(
        422,
        'Invalid',
        ` "" is invalid: patch: Invalid value: "${secret}": strict decoding error: unknown field "foo"`,
        {
          details: {
            causes: [
              {
                reason: 'FieldValueInvalid',
                field: 'patch',
                message: `Invalid value: "${secret}": strict decoding error: unknown field "foo"`,
              },
            ],
          },
        },
      ),
    );
    const answer = await run(
      'mutation { patchSecret(namespace: "a", name: "b", patch: { foo: 1 }) { kind } }',
    );
    expect(codesOf(answer)).toEqual(['INVALID']);
    expect(answer.text).not.toContain('aHVudGVyMg');
    expect(answer.errors[0]?.message).toContain('unknown field "foo"');
  });

  it('by a defect of the gateway says nothing of it, and reports it', async () => {
    const { engine, stub, upstream, defects } = await testEngine();
    const send = upstream.send.bind(upstream);
    upstream.send = (request) => {
      if (request.path.startsWith('/api/v1/namespaces/')) throw new TypeError('secret detail');
      return send(request);
    };
    const answer = await engine.execute({
      query: '{ pod(namespace: "a", name: "b") { kind } }',
      identity: { kind: 'kubeconfig', key: 'kubeconfig' },
      signal: new AbortController().signal,
    });
    const text = 'stringify' in answer ? answer.stringify(answer).toString() : '';
    expect(text).toContain('"message":"internal error"');
    expect(text).not.toContain('secret detail');
    expect(defects).toEqual([new TypeError('secret detail')]);
    expect(stub.calls).toEqual([]);
  });
});

describe('root fields', () => {
  it('of a mutation run one after the other, in the order of the document', async () => {
    const { run, stub } = await testEngine();
    const underWay = new Set<string>();
    const events: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      stub.on('DELETE', `/api/v1/namespaces/x/pods/${name}`, async () => {
        events.push(`${name} begins beside ${underWay.size}`);
        underWay.add(name);
        // A turn of the event loop, in which another request could arrive.
        await new Promise((resolve) => setImmediate(resolve));
        underWay.delete(name);
        return name === 'b'
          ? statusReply(409, 'Conflict', 'no')
          : { body: { kind: 'Status', apiVersion: 'v1' } };
      });
    }
    const answer = await run(
      'mutation { c: deletePod(namespace: "x", name: "c") { pending } b: deletePod(namespace: "x", name: "b") { pending } a: deletePod(namespace: "x", name: "a") { pending } }',
    );
    expect(events).toEqual(['c begins beside 0', 'b begins beside 0', 'a begins beside 0']);
    expect(answer.data).toEqual({ c: { pending: false }, b: null, a: { pending: false } });
    expect(answer.errors).toMatchObject([{ path: ['b'], extensions: { code: 'CONFLICT' } }]);
  });

  it('of a query are under way at the same time', async () => {
    const { run, stub } = await testEngine();
    let arrived = 0;
    let release: () => void = () => undefined;
    const allThere = new Promise<void>((resolve) => (release = resolve));
    for (const name of ['a', 'b', 'c']) {
      stub.on('GET', `/api/v1/nodes/${name}`, async () => {
        if (++arrived === 3) release();
        // Nobody is answered before all have asked.
        await allThere;
        return { body: { kind: 'Node', apiVersion: 'v1', metadata: { name } } };
      });
    }
    const { text } = await run(
      '{ c: node(name: "c") { metadata { name } } a: node(name: "a") { metadata { name } } b: node(name: "b") { metadata { name } } }',
    );
    expect(text).toBe(
      '{"data":{"c":{"metadata":{"name":"c"}},"a":{"metadata":{"name":"a"}},"b":{"metadata":{"name":"b"}}}}',
    );
  });
});

it('ends its calls upstream when the client goes away', async () => {
  const { run, stub } = await testEngine();
  const client = new AbortController();
  await run('{ pods { items { kind } } }');
  stub.on('GET', '/api/v1/nodes', () => {
    client.abort();
    return new Promise(() => undefined);
  });
  expect(codesOf(await run('{ nodes { items { kind } } }', { signal: client.signal }))).toEqual([
    'CANCELLED',
  ]);
});

it('refuses wrong variables and arguments, before anything is sent', async () => {
  const { run, stub } = await testEngine();
  const wrong = [
    await run('query ($first: Int) { pods(first: $first) { items { kind } } }', {
      variables: { first: 'x' },
    }),
    await run('query ($name: String!) { node(name: $name) { kind } }'),
    await run(
      'mutation ($n: Int64) { createWidget(namespace: "a", input: { spec: { serial: $n } }) { kind } }',
      { variables: { n: 2 ** 53 } },
    ),
    await run('{ node(name: "a") { kind } }', { operationName: 'Other' }),
    await run('query A { node(name: "a") { kind } } query B { node(name: "a") { kind } }'),
  ];
  expect(wrong.map(codesOf)).toEqual(Array.from({ length: 5 }, () => ['BAD_USER_INPUT']));
  expect(stub.calls).toEqual([]);
});

it('runs the operation that is named', async () => {
  const { run, stub } = await testEngine();
  stub.collection(PODS).put({ metadata: { name: 'p', namespace: 'a' } });
  const query = 'query A { pods { items { kind } } } query B { nodes { items { kind } } }';
  expect((await run(query, { operationName: 'B' })).data).toEqual({ nodes: { items: [] } });
  expect((await run(query, { operationName: 'A' })).data).toEqual({ pods: { items: [{ kind: 'Pod' }] } });
  expect(stub.calls).toEqual(['GET /api/v1/nodes?limit=500', 'GET /api/v1/pods?limit=500']);
});

it.each([
  ['{ pods { items { kind } }', 'GRAPHQL_PARSE_FAILED'],
  ['', 'GRAPHQL_PARSE_FAILED'],
  [`{ ${'a { '.repeat(2_600)}`, 'GRAPHQL_PARSE_FAILED'],
  ['{ pods { items { kynd } } }', 'GRAPHQL_VALIDATION_FAILED'],
  ['{ ...F } fragment F on constructor { kind }', 'GRAPHQL_VALIDATION_FAILED'],
])('refuses what is no document that fits: %.40s', async (query, code) => {
  const { run, defects } = await testEngine();
  const answer = await run(query);
  expect([codesOf(answer), answer.data, defects]).toEqual([[code], undefined, []]);
});
