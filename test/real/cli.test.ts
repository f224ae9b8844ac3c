import { beforeAll, describe, expect, it } from 'vitest';
import { buildCli, startCli } from './support/cli.ts';
import { listAt, textAt } from './support/exact-json.ts';
import { subscribeOverSse } from './support/event-stream.ts';
import { openSuite } from './support/suite.ts';
import { subscribeOverWebSocket } from './support/websocket.ts';

const { cluster, kubectl, namespace } = await openSuite();
beforeAll(buildCli);

describe('the command line, bundled and without a cache', () => {
  it('answers what kubectl does as soon as it says where it listens', async () => {
    const cli = await startCli(cluster.kubeconfig);
    const data = await cli.data('{ pods { items { metadata { name namespace } } } }');
    const expected = listAt(await kubectl.get('pods', '-A'), 'items').map((pod) => ({
      metadata: { name: textAt(pod, 'metadata', 'name'), namespace: textAt(pod, 'metadata', 'namespace') },
    }));
    expect(expected.length).toBeGreaterThan(0);
    expect(data).toEqual({ pods: { items: expected } });
  });

  it('knows every custom kind without having been told', async () => {
    const cli = await startCli(cluster.kubeconfig, '--no-cache');
    const data = await cli.data(
      '{ certManagerIoV1Certificates { items { spec { dnsNames issuerRef { name } } } } }',
    );
    expect(data).toHaveProperty('certManagerIoV1Certificates.items');
  });

  it('writes and watches, over both transports', async () => {
    const cli = await startCli(cluster.kubeconfig);
    const document = `subscription { secrets(namespace: "${namespace}") { type cursor object { metadata { name } } } }`;
    const streams = [await subscribeOverSse(cli.url, document), subscribeOverWebSocket(cli.url, document)];
    for (const stream of streams) await stream.snapshot();
    await cli.data(
      `mutation { createSecret(namespace: "${namespace}", input: { metadata: { name: "made" } }) { id } }`,
    );
    for (const stream of streams) {
      expect(await stream.event()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'made' } } });
      await stream.close();
    }
    expect(await kubectl.run(['get', '-n', namespace, 'secret', 'made', '-o', 'name'])).toBe('secret/made\n');
  });

  it('ends on SIGTERM with subscribers, telling them where to resume', async () => {
    const cli = await startCli(cluster.kubeconfig);
    const stream = await subscribeOverSse(cli.url, 'subscription { namespaces { type cursor } }');
    await stream.snapshot();
    const code = cli.end();
    const last = await stream.next();
    expect(last?.errors).toMatchObject([
      { extensions: { code: 'SERVER_SHUTDOWN', cursor: expect.any(String) } },
    ]);
    expect(await code).toBe(0);
    expect(cli.log()).toBe('');
  });

  it('refuses writes with --read-only, and says so when it starts', async () => {
    const cli = await startCli(cluster.kubeconfig, '--read-only');
    expect(cli.greeting).toContain('read-only');
    const failure = await cli.failure(`mutation { deleteNamespace(name: "${namespace}") { pending } }`);
    expect(failure.extensions).toMatchObject({ code: 'READ_ONLY' });
  });

  it('has no rights of its own with --auth passthrough', async () => {
    const cli = await startCli(cluster.kubeconfig, '--auth', 'passthrough');
    expect((await cli.ask('{ version { major } }')).status).toBe(401);
    const own = { authorization: `Bearer ${cluster.viewerToken}` };
    const { errors } = await cli.ask('{ secrets { items { id } } }', {}, own);
    expect(errors).toMatchObject([{ path: ['secrets'], extensions: { code: 'FORBIDDEN' } }]);
  });
});
