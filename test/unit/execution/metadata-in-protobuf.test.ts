import { describe, expect, it } from 'vitest';
import { bytesField, enveloped, itemField, numberField, timeField } from '../protobuf/encode.ts';
import type { StubRequest } from '../support/stub-api-server.ts';
import type { StubReply } from '../support/stub-reply.ts';
import { codesOf, testEngine, type TestEngine } from '../support/test-engine.ts';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';

const NAME = 'p<0>';
const OWNER = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r', uid: 'u' };

/** One item in both forms. */
const IN_JSON = {
  metadata: {
    name: NAME,
    namespace: 'a',
    generation: 3,
    creationTimestamp: '2026-11-26T16:17:33Z',
    labels: { app: 'é', '': '' },
    ownerReferences: [{ ...OWNER, controller: true }],
    managedFields: [{ manager: 'kwok', operation: 'Update', fieldsType: 'FieldsV1', fieldsV1: {} }],
  },
};
const IN_PROTOBUF = itemField(
  Buffer.concat([
    bytesField(1, NAME),
    bytesField(3, 'a'),
    numberField(7, 3n),
    timeField(8, BigInt(Date.parse('2026-11-26T16:17:33Z') / 1000)),
    bytesField(11, Buffer.concat([bytesField(1, 'app'), bytesField(2, 'é')])),
    bytesField(11, Buffer.concat([bytesField(1, ''), bytesField(2, '')])),
    bytesField(
      13,
      Buffer.concat([
        bytesField(1, OWNER.kind),
        bytesField(3, OWNER.name),
        bytesField(4, OWNER.uid),
        bytesField(5, OWNER.apiVersion),
        numberField(6, 1n),
      ]),
    ),
    bytesField(
      17,
      Buffer.concat([
        bytesField(1, 'kwok'),
        bytesField(2, 'Update'),
        bytesField(6, 'FieldsV1'),
        bytesField(7, bytesField(1, '{}')),
      ]),
    ),
  ]),
);

const LIST_METADATA = { resourceVersion: '9', continue: 'next', remainingItemCount: 41 };

/** A page of two items, and the last one, in the form that is accepted first. */
function page({ query, headers }: StubRequest, form: 'json' | 'protobuf'): StubReply {
  const isLast = query['continue'] === 'next';
  const metadata = isLast ? { resourceVersion: '9' } : LIST_METADATA;
  if (form === 'json' || String(headers['accept']).startsWith('application/json')) {
    return { body: goText({ kind: 'PodList', apiVersion: 'v1', metadata, items: [IN_JSON, IN_JSON] }) };
  }
  const { resourceVersion, continue: token, remainingItemCount } = LIST_METADATA;
  const more = [bytesField(3, token), numberField(4, BigInt(remainingItemCount))];
  const listMeta = Buffer.concat([bytesField(2, resourceVersion), ...(isLast ? [] : more)]);
  return inProtobuf(enveloped(Buffer.concat([bytesField(1, listMeta), IN_PROTOBUF, IN_PROTOBUF])));
}

function goText(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e');
}

function inProtobuf(body: Buffer): StubReply {
  return { body, contentType: PROTOBUF };
}

async function serving(form: 'json' | 'protobuf'): Promise<TestEngine> {
  const engine = await testEngine();
  engine.stub.on('GET', '/api/v1/pods', (request) => page(request, form));
  return engine;
}

function accepted({ stub }: TestEngine): string {
  return String(stub.requests.at(-1)?.headers['accept']);
}

const MANAGED = 'managedFields { manager operation apiVersion time fieldsType subresource }';
const OWNERS = 'ownerReferences { uid kind name apiVersion controller blockOwnerDeletion __typename }';

describe('a list of metadata that comes in protobuf', () => {
  it.each([
    `{ pods { items { id kind metadata { name namespace generation creationTimestamp labels uid ${OWNERS} ${MANAGED} } } } }`,
    '{ pods { items { metadata { label(key: "app") some: labels(keys: ["app"]) finalizers } } resourceVersion } }',
    '{ pods(first: 2) { items { metadata { name } } pageInfo { hasNextPage endCursor } remainingItemCount } }',
    '{ pods(first: 3) { edges { cursor node { metadata { namespace } } } pageInfo { startCursor } } }',
    '{ pods(first: 40) { items { id } } }',
    '{ a: pods { items { metadata { name } } } b: pods { items { metadata { labels } } resourceVersion } }',
    '{ pods { remainingItemCount } }',
    '{ pods { __typename resourceVersion } }',
  ])('answers to the byte what it answers in JSON: %s', async (query) => {
    const protobuf = await serving('protobuf');
    const { text, errors } = await protobuf.run(query);
    expect(errors).toEqual([]);
    expect(accepted(protobuf)).toMatch(
      /^application\/vnd\.kubernetes\.protobuf;as=PartialObjectMetadataList;/,
    );
    expect(text).toBe((await (await serving('json')).run(query)).text);
  });

  it.each([
    '{ pods { items { metadata { name managedFields { fieldsV1 } } } } }',
    '{ a: pods { items { metadata { name } } } b: pods { items { metadata { managedFields { fieldsV1 } } } } }',
  ])('is asked for in JSON where protobuf does not tell everything: %s', async (query) => {
    const engine = await serving('protobuf');
    const { errors } = await engine.run(query);
    expect([errors, accepted(engine)]).toEqual([
      [],
      'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json',
    ]);
  });

  it('asks for all pages in that form', async () => {
    const engine = await serving('protobuf');
    const { data } = await engine.run('{ pods { items { metadata { name } } } }');
    expect(data).toEqual({
      pods: { items: Array.from({ length: 4 }, () => ({ metadata: { name: NAME } })) },
    });
    expect(engine.stub.calls).toHaveLength(2);
  });

  it.each([
    ['cut off', enveloped(IN_PROTOBUF).subarray(0, -9)],
    ['a list of something else', enveloped(IN_PROTOBUF, { apiVersion: 'v1', kind: 'PodList' })],
    ['damaged', enveloped(Buffer.from(IN_PROTOBUF).fill(0xff, 10, 12))],
    ['no protobuf', Buffer.from('{"items":[]}')],
  ])('fails as damaged JSON does: %s', async (_, body) => {
    const engine = await testEngine();
    engine.stub.on('GET', '/api/v1/pods', inProtobuf(body));
    for (const first of [5, 500]) {
      const answer = await engine.run(`{ pods(first: ${first}) { items { metadata { name } } } }`);
      expect([answer.data, codesOf(answer)]).toEqual([{ pods: null }, ['UPSTREAM_ERROR']]);
    }
    expect(engine.defects).toEqual([]);
  });
});
