import { describe, expect, it } from 'vitest';
import { bearerIdentity } from '../../../src/cluster/identity.ts';
import { statusReply } from '../support/stub-reply.ts';
import { codesOf, testEngine, type TestAnswer, type TestEngineOptions } from '../support/test-engine.ts';

const ACCESS_REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const RULES_REVIEWS = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
const SELF_REVIEWS = '/apis/authentication.k8s.io/v1/selfsubjectreviews';

const MAY_CREATE = '{ can(verb: "create", resource: "pods") { allowed denied reason evaluationError } }';
const MY_RULES = `{ canI(namespace: "a") {
  resourceRules { verbs apiGroups resources resourceNames } nonResourceRules { verbs nonResourceURLs }
  incomplete evaluationError
} }`;
const WHO_AM_I = '{ whoAmI { username uid groups extra } }';

interface Asked {
  readonly answer: TestAnswer;
  /** The reviews that were asked for, in order, without what does not differ. */
  readonly specs: readonly unknown[];
  readonly calls: readonly string[];
}

/** Asks an API server that answers each review of `path` with `status`. */
async function ask(
  query: string,
  path: string,
  status: unknown,
  options: TestEngineOptions & { readonly variables?: Readonly<Record<string, unknown>> } = {},
): Promise<Asked> {
  const { run, stub } = await testEngine(options);
  stub.on('POST', path, { status: 201, body: { metadata: {}, status } });
  const answer = await run(query, options.variables === undefined ? {} : { variables: options.variables });
  const bodies = stub.requests.filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body));
  return { answer, specs: bodies.map(({ spec }) => spec), calls: stub.calls };
}

describe('can', () => {
  it('is a SelfSubjectAccessReview of all that is given, and of nothing else', async () => {
    const { specs, calls } = await ask(
      `{ a: can(verb: "get", resource: "pods") { allowed }
         b: can(verb: "create", group: "apps", resource: "deployments", subresource: "scale", namespace: "n", name: "d") { allowed } }`,
      ACCESS_REVIEWS,
      { allowed: true },
    );
    expect(specs).toEqual([
      { resourceAttributes: { verb: 'get', group: '', resource: 'pods' } },
      {
        resourceAttributes: {
          verb: 'create',
          group: 'apps',
          resource: 'deployments',
          subresource: 'scale',
          namespace: 'n',
          name: 'd',
        },
      },
    ]);
    expect(calls).toEqual([`POST ${ACCESS_REVIEWS}`, `POST ${ACCESS_REVIEWS}`]);
  });

  it.each(['"core"', '""', 'null'])('means the core group by group: %s', async (group) => {
    const { specs } = await ask(
      `{ can(verb: "get", group: ${group}, resource: "pods") { allowed } }`,
      ACCESS_REVIEWS,
      { allowed: true },
    );
    expect(specs).toEqual([{ resourceAttributes: { verb: 'get', group: '', resource: 'pods' } }]);
  });

  it.each([
    [
      { allowed: true, reason: 'RBAC: allowed by x' },
      { allowed: true, denied: false, reason: 'RBAC: allowed by x', evaluationError: null },
    ],
    [{ allowed: false }, { allowed: false, denied: false, reason: null, evaluationError: null }],
    [
      { allowed: false, denied: true, reason: '', evaluationError: 'role "x" not found' },
      { allowed: false, denied: true, reason: null, evaluationError: 'role "x" not found' },
    ],
  ])('answers %j as it is meant', async (status, can) => {
    const { answer } = await ask(MAY_CREATE, ACCESS_REVIEWS, status);
    expect([answer.data, answer.errors]).toEqual([{ can }, []]);
  });

  it.each([[undefined], [null], ['allowed'], [{}], [{ allowed: 'true' }], [{ denied: false }]])(
    'takes an answer that does not say so for no answer: status %j',
    async (status) => {
      const { answer } = await ask(MAY_CREATE, ACCESS_REVIEWS, status);
      expect([answer.data, codesOf(answer)]).toEqual([{ can: null }, ['UPSTREAM_ERROR']]);
    },
  );

  it('asks once for what an operation asks several times, whatever is selected of it', async () => {
    const { answer, specs } = await ask(
      `query ($pods: String!) {
        a: can(verb: "get", resource: "pods", namespace: "n") { allowed }
        b: can(verb: "get", resource: $pods, namespace: "n") { reason }
        c: can(verb: "get", resource: "pods", namespace: "n", group: "core", name: null) { denied }
        d: can(verb: "get", resource: "pods", namespace: "m") { allowed }
      }`,
      ACCESS_REVIEWS,
      { allowed: true, reason: 'because' },
      { variables: { pods: 'pods' } },
    );
    expect(answer.data).toEqual({
      a: { allowed: true },
      b: { reason: 'because' },
      c: { denied: false },
      d: { allowed: true },
    });
    expect(specs).toHaveLength(2);
  });

  it('remembers no answer for the next operation', async () => {
    const { run, stub } = await testEngine();
    let allowed = true;
    stub.on('POST', ACCESS_REVIEWS, () => ({ status: 201, body: { status: { allowed } } }));
    const before = await run(MAY_CREATE);
    allowed = false;
    const after = await run(MAY_CREATE);
    expect([before.data, after.data]).toMatchObject([
      { can: { allowed: true } },
      { can: { allowed: false } },
    ]);
  });

  it('keeps apart what two callers may do', async () => {
    const { run, stub } = await testEngine();
    stub.on('POST', ACCESS_REVIEWS, ({ headers }) => ({
      status: 201,
      body: { status: { allowed: headers['authorization'] === 'Bearer boss' } },
    }));
    const as = (token: string) => run(MAY_CREATE, { identity: bearerIdentity(token) });
    const answers = await Promise.all([as('boss'), as('guest'), as('boss'), as('guest')]);
    expect(answers.map(({ data }) => data)).toMatchObject(
      [true, false, true, false].map((allowed) => ({ can: { allowed } })),
    );
  });

  it.each(['verb', 'resource', 'subresource', 'namespace', 'name'])(
    'refuses an empty %s, which would mean all of them, before anything is sent',
    async (argument) => {
      const { answer, calls } = await ask(
        `query ($verb: String = "get", $resource: String = "pods", $subresource: String, $namespace: String, $name: String) {
          can(verb: $verb, resource: $resource, subresource: $subresource, namespace: $namespace, name: $name) { allowed }
        }`,
        ACCESS_REVIEWS,
        { allowed: true },
        { variables: { [argument]: '' } },
      );
      expect([codesOf(answer), calls]).toEqual([['BAD_USER_INPUT'], []]);
      expect(answer.errors[0]?.message).toContain(`"${argument}" is empty`);
    },
  );

  it('fails by itself: what else is asked is answered', async () => {
    const { run, stub } = await testEngine();
    stub.on('POST', ACCESS_REVIEWS, statusReply(403, 'Forbidden', 'no reviews for you'));
    const answer = await run('{ can(verb: "get", resource: "pods") { allowed } version { gitVersion } }');
    expect(answer.data).toEqual({ can: null, version: { gitVersion: 'v1.36.3' } });
    expect(answer.errors).toMatchObject([{ path: ['can'], extensions: { code: 'FORBIDDEN' } }]);
  });
});

describe('canI', () => {
  it('answers the rules of one namespace, with the lists that Kubernetes leaves out as empty ones', async () => {
    const { answer, specs } = await ask(MY_RULES, RULES_REVIEWS, {
      resourceRules: [
        { verbs: ['get'], apiGroups: [''], resources: ['pods'], resourceNames: ['p'] },
        { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
      ],
      nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz'] }, { verbs: ['get'] }],
      incomplete: false,
    });
    expect(specs).toEqual([{ namespace: 'a' }]);
    expect(answer.data?.['canI']).toEqual({
      resourceRules: [
        { verbs: ['get'], apiGroups: [''], resources: ['pods'], resourceNames: ['p'] },
        { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [] },
      ],
      nonResourceRules: [
        { verbs: ['get'], nonResourceURLs: ['/healthz'] },
        { verbs: ['get'], nonResourceURLs: [] },
      ],
      incomplete: false,
      evaluationError: null,
    });
  });

  it('says that there may be more', async () => {
    const status = { resourceRules: null, incomplete: true, evaluationError: 'webhook authorizer' };
    const { answer } = await ask(MY_RULES, RULES_REVIEWS, status);
    expect(answer.data?.['canI']).toEqual({
      resourceRules: [],
      nonResourceRules: [],
      incomplete: true,
      evaluationError: 'webhook authorizer',
    });
  });

  it('is one call for each namespace', async () => {
    const rules = (namespace: string) => `canI(namespace: "${namespace}") { incomplete }`;
    const { specs } = await ask(`{ a: ${rules('a')} b: ${rules('b')} again: ${rules('a')} }`, RULES_REVIEWS, {
      incomplete: false,
    });
    expect(specs).toEqual([{ namespace: 'a' }, { namespace: 'b' }]);
  });
});

describe('whoAmI', () => {
  it('answers the user that the API server sees, extra keys and values unaltered', async () => {
    const userInfo = {
      username: 'system:serviceaccount:a:b',
      uid: 'u1',
      groups: ['system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': ['JTI=1', 'JTI=2'] },
    };
    const { answer } = await ask(WHO_AM_I, SELF_REVIEWS, { userInfo });
    expect(answer.data).toEqual({ whoAmI: userInfo });
  });

  it('answers a user of whom only the name is known', async () => {
    const { answer } = await ask(WHO_AM_I, SELF_REVIEWS, { userInfo: { username: 'a' } });
    expect(answer.data).toEqual({ whoAmI: { username: 'a', uid: null, groups: [], extra: null } });
  });

  it('takes an answer without a user for no answer', async () => {
    const { answer } = await ask(WHO_AM_I, SELF_REVIEWS, { userInfo: null });
    expect([answer.data, codesOf(answer)]).toEqual([{ whoAmI: null }, ['UPSTREAM_ERROR']]);
  });
});

it.each([
  [MAY_CREATE, ACCESS_REVIEWS, { allowed: true }],
  [MY_RULES, RULES_REVIEWS, { incomplete: false }],
  [WHO_AM_I, SELF_REVIEWS, { userInfo: { username: 'a' } }],
])('a read-only gateway answers %s: nothing is stored', async (query, path, status) => {
  const { answer, calls } = await ask(query, path, status, { readOnly: true });
  expect([answer.errors, calls]).toEqual([[], [`POST ${path}`]]);
});
