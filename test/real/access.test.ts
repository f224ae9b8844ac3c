import { atEnd } from './support/at-end.ts';
import { describe, expect, it } from 'vitest';
import { at, type Exact, listAt, parseExact } from './support/exact-json.ts';
import { subscribeOverSse } from './support/event-stream.ts';
import { startGateway, type TestGateway, type TestGatewayOptions } from './support/gateway.ts';
import { openSuite, uniqueName } from './support/suite.ts';
import { subscribeOverWebSocket } from './support/websocket.ts';

const { cluster, kubectl, namespace } = await openSuite();

async function gatewayOf(options: Partial<TestGatewayOptions>): Promise<TestGateway> {
  const gateway = await startGateway({ kubeconfig: cluster.kubeconfig, ...options });
  atEnd(() => gateway.close());
  return gateway;
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('somebody who may read pods and configmaps of one namespace', () => {
  const viewer = gatewayOf({ kubeconfig: cluster.viewerKubeconfig });

  it('gets those, and FORBIDDEN at each path that is not theirs, siblings untouched', async () => {
    const { data, errors, status } = await (
      await viewer
    ).ask(`{
      mine: configMaps(namespace: "default") { items { metadata { name } } }
      others: configMaps(namespace: "${namespace}") { items { metadata { name } } }
      everywhere: pods { items { metadata { name } } }
      secret(name: "x", namespace: "default") { data }
      version { gitVersion }
    }`);
    expect(status).toBe(200);
    expect(data).toMatchObject({
      others: null,
      everywhere: null,
      secret: null,
      version: { gitVersion: expect.stringMatching(/^v1/) },
    });
    expect(listAt(data, 'mine', 'items').length).toBeGreaterThan(0);
    expect(errors.map(({ path }) => String(path?.[0])).toSorted()).toEqual([
      'everywhere',
      'others',
      'secret',
    ]);
    for (const error of errors) {
      expect(error.extensions).toMatchObject({
        code: 'FORBIDDEN',
        kubernetes: { reason: 'Forbidden', code: 403 },
      });
    }
    expect(errors.map(({ message }) => message).join()).toContain('User "viewer" cannot');
  });

  it('cannot write', async () => {
    const failure = await (
      await viewer
    ).failure(
      'mutation { createConfigMap(namespace: "default", input: { metadata: { name: "no" } }) { id } }',
    );
    expect(failure.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('can watch what they may, and is refused the rest', async () => {
    const { url } = await viewer;
    const allowed = await subscribeOverSse(
      url,
      'subscription { configMaps(namespace: "default") { type cursor } }',
    );
    expect((await allowed.snapshot()).at(-1)).toMatchObject({ type: 'SYNCED' });
    await allowed.close();
    const refused = await subscribeOverSse(
      url,
      'subscription { secrets(namespace: "default") { type cursor } }',
    );
    expect((await refused.next())?.errors).toMatchObject([
      { path: ['secrets'], extensions: { code: 'FORBIDDEN' } },
    ]);
    expect(await refused.next()).toBeUndefined();
  });
});

describe('in passthrough mode', () => {
  const gateway = gatewayOf({ mode: 'passthrough' });
  const document = `{ secrets(namespace: "${namespace}") { resourceVersion } configMaps(namespace: "default") { resourceVersion } }`;

  it('everyone acts with their own token', async () => {
    const admin = await (await gateway).ask(document, {}, bearer(cluster.adminToken));
    expect([admin.status, admin.errors]).toEqual([200, []]);
    const viewer = await (await gateway).ask(document, {}, bearer(cluster.viewerToken));
    expect(viewer.errors).toMatchObject([{ path: ['secrets'], extensions: { code: 'FORBIDDEN' } }]);
    expect(viewer.data).toMatchObject({ secrets: null, configMaps: { resourceVersion: expect.any(String) } });
    const again = await (await gateway).ask(document, {}, bearer(cluster.adminToken));
    expect(again.errors).toEqual([]);
  });

  it('two callers never share a watch', async () => {
    const own = await gatewayOf({ mode: 'passthrough' });
    const pods = 'subscription { configMaps(namespace: "default") { type cursor } }';
    const streams = [];
    for (const token of [cluster.adminToken, cluster.viewerToken]) {
      const stream = await subscribeOverSse(own.url, pods, bearer(token));
      await stream.snapshot();
      streams.push(stream);
    }
    expect(own.hub.size).toBe(2);
    for (const stream of streams) await stream.close();
  });

  it('a WebSocket takes the token from its parameters', async () => {
    const { url } = await gateway;
    const stream = subscribeOverWebSocket(url, 'subscription { secrets { type cursor } }', {
      authorization: `Bearer ${cluster.viewerToken}`,
    });
    expect((await stream.next())?.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    await stream.close();
  });

  it.each([
    ['no Authorization', {}],
    ['another scheme', { authorization: 'Basic YWRtaW46YWRtaW4=' }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['two tokens', { authorization: `Bearer ${cluster.adminToken}, Bearer ${cluster.viewerToken}` }],
  ])('%s is 401, and nothing goes upstream', async (_, headers: Record<string, string>) => {
    const own = await gatewayOf({ mode: 'passthrough' });
    const answer = await own.ask(document, {}, headers);
    expect(answer.status).toBe(401);
    expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect(answer.data).toBeUndefined();
    expect(own.calls).toEqual([]);
  });

  it('a WebSocket without a token is closed with 4401, and nothing goes upstream', async () => {
    const own = await gatewayOf({ mode: 'passthrough' });
    const stream = subscribeOverWebSocket(own.url, 'subscription { pods { type cursor } }');
    await expect(stream.next()).rejects.toMatchObject({ code: 4401 });
    expect(own.calls).toEqual([]);
  });

  it('a token that the API server does not know is 401 before there is a catalogue, and at the field after it', async () => {
    const own = await gatewayOf({ mode: 'passthrough' });
    const unknown = bearer('not-a-token-of-this-cluster');
    const before = await own.ask(document, {}, unknown);
    expect(before.status).toBe(401);
    expect(before.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    await own.data(document, {}, bearer(cluster.adminToken));
    const after = await own.ask(document, {}, unknown);
    expect(after.status).toBe(401);
    expect(after.text).not.toContain('not-a-token-of-this-cluster');
  });
});

describe('a read-only gateway', () => {
  const gateway = gatewayOf({ readOnly: true });
  const name = uniqueName();
  const at1 = `namespace: "${namespace}", name: "${name}"`;
  const input = `input: { metadata: { name: "${name}" } }`;

  it('reads', async () => {
    const data = await (await gateway).data(`{ namespace(name: "${namespace}") { kind } }`);
    expect(data).toEqual({ namespace: { kind: 'Namespace' } });
  });

  it.each([
    `createSecret(namespace: "${namespace}", ${input}) { id }`,
    `createSecret(namespace: "${namespace}", dryRun: true, ${input}) { id }`,
    `replaceSecret(${at1}, ${input}) { id }`,
    `patchSecret(${at1}, patch: {}) { id }`,
    `applySecret(${at1}, ${input}) { id }`,
    `deleteSecret(${at1}) { pending }`,
    `deleteSecrets(namespace: "${namespace}", all: true) { items { id } }`,
  ])('refuses %s', async (field) => {
    await kubectl.run(['create', '-n', namespace, 'secret', 'generic', name]);
    try {
      const before = await kubectl.get('-n', namespace, 'secret', name);
      const failure = await (await gateway).failure(`mutation { it: ${field} }`);
      expect(failure).toMatchObject({ path: ['it'], extensions: { code: 'READ_ONLY' } });
      expect(at(failure.extensions, 'kubernetes')).toBeUndefined();
      expect(await kubectl.get('-n', namespace, 'secret', name)).toEqual(before);
    } finally {
      await kubectl.delete('-n', namespace, 'secret', name);
    }
  });
});

describe('access reviews', () => {
  const gateways = {
    admin: gatewayOf({}),
    viewer: gatewayOf({ kubeconfig: cluster.viewerKubeconfig }),
    readOnly: gatewayOf({ kubeconfig: cluster.viewerKubeconfig, readOnly: true }),
  };
  type Who = keyof typeof gateways;
  const kubeconfigs: Readonly<Record<Who, string>> = {
    admin: cluster.kubeconfig,
    viewer: cluster.viewerKubeconfig,
    readOnly: cluster.viewerKubeconfig,
  };
  const everybody = Object.keys(gateways) as readonly Who[];

  /** The status of a review that kubectl asks for as somebody. */
  async function reviewed(who: Who, path: string, spec: object = {}): Promise<Exact | undefined> {
    const review = JSON.stringify({ spec });
    const as = ['--kubeconfig', kubeconfigs[who]];
    return at(parseExact(await kubectl.run([...as, 'create', '--raw', path, '-f', '-'], review)), 'status');
  }

  const QUESTIONS = [
    { verb: 'get', resource: 'pods', namespace: 'default' },
    { verb: 'get', resource: 'pods', namespace: 'default', name: 'any' },
    { verb: 'get', resource: 'pods', namespace: 'kube-system' },
    { verb: 'get', resource: 'pods' },
    { verb: 'create', resource: 'pods', subresource: 'exec', namespace: 'default' },
    { verb: 'get', resource: 'pods', subresource: 'log', namespace: 'default' },
    { verb: 'list', resource: 'secrets', namespace: 'default' },
    { verb: 'list', group: 'apps', resource: 'deployments', namespace: 'default' },
    { verb: '*', group: '*', resource: '*' },
    { verb: 'impersonate', resource: 'users', name: 'admin' },
    { verb: 'get', group: 'nowhere.example.com', resource: 'nothings' },
  ];

  it.each(everybody)('can: all answers for %s are those of the API server', async (who) => {
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    const argumentsOf = (question: object) =>
      Object.entries(question)
        .map(([name, value]) => `${name}: "${value}"`)
        .join(', ');
    const fields = QUESTIONS.map(
      (question, index) =>
        `q${index}: can(${argumentsOf(question)}) { allowed denied reason evaluationError }`,
    );
    const data = await (await gateways[who]).data(`{ ${fields.join(' ')} }`);
    const expected = await Promise.all(
      QUESTIONS.map(async (question, index) => {
        const status = await reviewed(who, path, { resourceAttributes: question });
        const left = { denied: false, reason: null, evaluationError: null };
        return [`q${index}`, { ...left, ...(status as object) }];
      }),
    );
    expect(data).toEqual(Object.fromEntries(expected));
  });

  it('can: somebody may do some of it, and admin all', async () => {
    const ask = `{ mine: can(verb: "list", resource: "pods", namespace: "default") { allowed }
      theirs: can(verb: "list", resource: "pods", namespace: "kube-system") { allowed } }`;
    const as = async (who: Who) => (await gateways[who]).data(ask);
    expect(await as('viewer')).toEqual({ mine: { allowed: true }, theirs: { allowed: false } });
    expect(await as('admin')).toEqual({ mine: { allowed: true }, theirs: { allowed: true } });
  });

  it.each(everybody)('canI: the rules for %s are those of the API server', async (who) => {
    const data = await (
      await gateways[who]
    ).data(`{ canI(namespace: "default") {
      resourceRules { verbs apiGroups resources resourceNames } nonResourceRules { verbs nonResourceURLs } incomplete
    } }`);
    const path = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
    const status = await reviewed(who, path, { namespace: 'default' });
    const withNames = (rule: Exact) => ({ resourceNames: [], ...(rule as object) });
    // The API server lists them as they come out of its caches.
    const sorted = (rules: readonly object[]) =>
      rules.map((rule) => JSON.stringify(keysSorted(rule))).toSorted();
    expect(at(data, 'canI', 'incomplete')).toBe(at(status, 'incomplete'));
    expect(sorted(listAt(data, 'canI', 'resourceRules') as object[])).toEqual(
      sorted(listAt(status, 'resourceRules').map(withNames)),
    );
    expect(sorted(listAt(data, 'canI', 'nonResourceRules') as object[])).toEqual(
      sorted(listAt(status, 'nonResourceRules') as object[]),
    );
  });

  it.each(everybody)('whoAmI: %s is whom the API server sees', async (who) => {
    const data = await (await gateways[who]).data('{ whoAmI { username uid groups extra } }');
    const status = await reviewed(who, '/apis/authentication.k8s.io/v1/selfsubjectreviews');
    expect(at(data, 'whoAmI')).toEqual({ uid: null, ...(at(status, 'userInfo') as object) });
  });

  it('in passthrough mode are about the caller', async () => {
    const gateway = await gatewayOf({ mode: 'passthrough' });
    const ask = '{ whoAmI { username } can(verb: "list", resource: "secrets") { allowed } }';
    const as = (token: string) => gateway.data(ask, {}, bearer(token));
    const [admin, viewer] = await Promise.all([as(cluster.adminToken), as(cluster.viewerToken)]);
    expect(admin).toEqual({ whoAmI: { username: 'admin' }, can: { allowed: true } });
    expect(viewer).toEqual({ whoAmI: { username: 'viewer' }, can: { allowed: false } });
  });
});

function keysSorted(rule: object): object {
  return Object.fromEntries(Object.entries(rule).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
