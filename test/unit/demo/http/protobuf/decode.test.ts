import { expect, test } from 'vitest';
import { protobufToJson } from '../../../../../demo/http/protobuf/decode.ts';
import { startServer } from '../support.ts';

/** What kubectl 1.36 has sent: `kubectl create …`, `kubectl auth can-i list pods`. */
const SENT: Readonly<Record<string, string>> = {
  'create deployment web --image=nginx --replicas=0 --port=80':
    'azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50ErkBCiAKA3dlYhIAGgFhIgAqADIAOABCAFoKCgNhcHASA3dlYhKGAQgAEgwKCgoDYXBwEgN3ZWIabAocCgASABoAIgAqADIAOABCAFoKCgNhcHASA3dlYhJMEi4KBW5naW54EgVuZ2lueCoAMgoKABAAGFAiACoAQgBqAHIAgAEAiAEAkAEAogEAGgAyAEIASgBSAFgAYABoAIIBAIoBAJoBAMIBACICCgAoADgAGgwIABAAGAAgACgAOAAaACIA',
  'create secret generic s --from-literal=a=b':
    'azhzAAoMCgJ2MRIGU2VjcmV0Eh4KEgoBcxIAGgFhIgAqADIAOABCABIGCgFhEgFiGgAaACIA',
  'create ingress i --rule=a.b/*=web:80':
    'azhzAAofChRuZXR3b3JraW5nLms4cy5pby92MRIHSW5ncmVzcxJBChIKAWkSABoBYSIAKgAyADgAQgASJxolCgNhLmISHgocChoKAS8SDSILCgN3ZWISBAoAEFAaBlByZWZpeBoCCgAaACIA',
  'create pdb p --selector=app=web --min-available=50%':
    'azhzAAogCglwb2xpY3kvdjESE1BvZERpc3J1cHRpb25CdWRnZXQSOwoSCgFwEgAaAWEiACoAMgA4AEIAEhkKCQgBEAAaAzUwJRIMCgoKA2FwcBIDd2ViGgoIABgAIAAoADAAGgAiAA==',
  'create quota q --hard=pods=3':
    'azhzAAoTCgJ2MRINUmVzb3VyY2VRdW90YRIlChIKAXESABoBYSIAKgAyADgAQgASDQoLCgRwb2RzEgMKATMaABoAIgA=',
  'create token sa --duration=1h':
    'azhzAAooChhhdXRoZW50aWNhdGlvbi5rOHMuaW8vdjESDFRva2VuUmVxdWVzdBIdChAKABIAGgAiACoAMgA4AEIAEgMgkBwaBAoAEgAaACIA',
  'auth can-i list pods':
    'azhzAAoyChdhdXRob3JpemF0aW9uLms4cy5pby92MRIXU2VsZlN1YmplY3RBY2Nlc3NSZXZpZXcSNwoQCgASABoAIgAqADIAOABCABIZChcKAWESBGxpc3QaACIAKgRwb2RzMgA6ABoICAASABoAIAAaACIA',
};

test.each<[string, Readonly<Record<string, unknown>>]>([
  [
    'create deployment web --image=nginx --replicas=0 --port=80',
    {
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      metadata: { name: 'web', namespace: 'a', labels: { app: 'web' } },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: {
            containers: [{ name: 'nginx', image: 'nginx', ports: [{ containerPort: 80 }], resources: {} }],
          },
        },
        strategy: {},
      },
      status: {},
    },
  ],
  ['create secret generic s --from-literal=a=b', { kind: 'Secret', data: { a: 'Yg==' } }],
  [
    'create ingress i --rule=a.b/*=web:80',
    {
      apiVersion: 'networking.k8s.io/v1',
      spec: {
        rules: [
          {
            host: 'a.b',
            http: {
              paths: [
                {
                  path: '/',
                  pathType: 'Prefix',
                  backend: { service: { name: 'web', port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
    },
  ],
  ['create pdb p --selector=app=web --min-available=50%', { spec: { minAvailable: '50%' } }],
  ['create quota q --hard=pods=3', { spec: { hard: { pods: '3' } } }],
  ['create token sa --duration=1h', { kind: 'TokenRequest', spec: { expirationSeconds: 3600 } }],
  [
    'auth can-i list pods',
    {
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { namespace: 'a', verb: 'list', resource: 'pods' } },
    },
  ],
])('kubectl %s', (command, expected) => {
  const json = protobufToJson(Buffer.from(SENT[command] ?? '', 'base64'));
  expect(JSON.parse(json.toString())).toMatchObject(expected);
});

test('fields that Go always sends and JSON does not have are left out', () => {
  const json = protobufToJson(
    Buffer.from(SENT['create secret generic s --from-literal=a=b'] ?? '', 'base64'),
  );
  expect(JSON.parse(json.toString())).toEqual({
    kind: 'Secret',
    apiVersion: 'v1',
    metadata: { name: 's', namespace: 'a' },
    data: { a: 'Yg==' },
  });
});

test('a request reaches the verbs as JSON', async () => {
  const { send } = await startServer(async (_, { body, contentType }) => ({
    kind: 'object',
    status: 201,
    object: { contentType, sent: JSON.parse(body.toString()) as unknown },
  }));
  const answer = await send('/api/v1/namespaces/a/secrets', {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.kubernetes.protobuf' },
    body: Buffer.from(SENT['create secret generic s --from-literal=a=b'] ?? '', 'base64'),
  });
  expect(answer.json()).toMatchObject({ contentType: 'application/json', sent: { kind: 'Secret' } });
});

test('a kind whose fields are not known is refused with advice', () => {
  const type = Buffer.concat([Buffer.from('\x0a\x02v1\x12\x03Foo')]);
  const body = Buffer.concat([Buffer.from('k8s\0\x0a'), Buffer.of(type.length), type]);
  expect(() => protobufToJson(body)).toThrow(
    expect.objectContaining({
      code: 415,
      message: 'the demo cluster does not read v1 Foo as protobuf: send JSON or YAML',
    }),
  );
});

test.each([
  ['no envelope', 'hello'],
  ['a cut envelope', 'k8s\0\x0a\x20abc'],
])('%s is a bad request', (_, body) => {
  expect(() => protobufToJson(Buffer.from(body))).toThrow(expect.objectContaining({ code: 400 }));
});
