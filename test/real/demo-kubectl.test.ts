import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoWithKubectl, startDemoWithKubectl } from './support/demo-kubectl.ts';

/** What kubectl does against the demo cluster: the tour that somebody takes who wants to know whether it is one. */

let kube: DemoWithKubectl;

beforeAll(async () => {
  kube = await startDemoWithKubectl();
});
afterAll(() => kube.close());

const DEPLOYMENT = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: tour
  namespace: default
spec:
  replicas: 2
  selector: { matchLabels: { app: tour } }
  template:
    metadata: { labels: { app: tour } }
    spec:
      containers:
        - name: main
          image: nginx:1.27
          ports: [{ containerPort: 80 }]
`;

/** A pod that stays: a rollout is done before the last of the old ones have gone. */
async function firstPod(selector: string): Promise<string> {
  const { items } = JSON.parse(await kube.run(['get', 'pods', '-l', selector, '-o', 'json'])) as {
    items: readonly { metadata: { name: string; deletionTimestamp?: string } }[];
  };
  const pod = items.find(({ metadata }) => metadata.deletionTimestamp === undefined);
  if (pod === undefined) throw new Error(`no pod matches ${selector}`);
  return pod.metadata.name;
}

describe('kubectl on the demo cluster', () => {
  it('get pods -A -w follows what changes', async () => {
    const watching = kube.follow(['get', 'pods', '-A', '-w']);
    await watching.until(/shop +web-/);
    await kube.run(['create', 'deployment', 'followed', '--image=nginx:1.27']);
    await watching.until(/default +followed-\S+ +1\/1 +Running/);
    await watching.end();
    await kube.run(['delete', 'deployment', 'followed']);
  });

  it('apply creates, changes and leaves alone, on the client and on the server', async () => {
    expect(await kube.run(['apply', '-f', '-'], DEPLOYMENT)).toBe('deployment.apps/tour created\n');
    expect(await kube.run(['apply', '-f', '-'], DEPLOYMENT)).toBe('deployment.apps/tour unchanged\n');
    const changed = DEPLOYMENT.replace('nginx:1.27', 'nginx:1.28');
    expect(await kube.run(['apply', '-f', '-'], changed)).toBe('deployment.apps/tour configured\n');
    const onServer = ['apply', '--server-side', '--field-manager=tour', '-f', '-'];
    await expect(kube.run(onServer, DEPLOYMENT)).rejects.toThrow(/conflict with "kubectl-client-side-apply"/);
    expect(await kube.run([...onServer, '--force-conflicts'], DEPLOYMENT)).toBe(
      'deployment.apps/tour serverside-applied\n',
    );
  });

  it('patch, scale and rollout status act on it', async () => {
    await kube.run([
      'patch',
      'deployment',
      'tour',
      '-p',
      '{"spec":{"template":{"metadata":{"annotations":{"edited":"yes"}}}}}',
    ]);
    await kube.run(['scale', 'deployment', 'tour', '--replicas=3']);
    expect(await kube.run(['rollout', 'status', 'deployment', 'tour'])).toMatch(/successfully rolled out/);
    expect(await kube.run(['get', 'deployment', 'tour', '-o', 'jsonpath={.status.readyReplicas}'])).toBe('3');
  });

  it('describe pod shows conditions, containers and events', async () => {
    const described = await kube.run(['describe', 'pod', await firstPod('app=tour')]);
    expect(described).toMatch(/Status: +Running/);
    expect(described).toMatch(/Ready +True/);
    expect(described).toMatch(/Normal +Scheduled/);
  });

  it('logs -f follows a container', async () => {
    const following = kube.follow(['logs', '-f', await firstPod('app=tour')]);
    await following.until(/\n/);
    await following.end();
  });

  it('exec runs a command', async () => {
    expect(await kube.run(['exec', await firstPod('app=tour'), '--', 'echo', 'hi'])).toBe('hi\n');
  });

  it('explain and api-resources know the kinds', async () => {
    expect(await kube.run(['explain', 'pod.spec'])).toMatch(/containers\s+<\[\]Container>/);
    const resources = await kube.run(['api-resources', '-o', 'name']);
    expect(resources.split('\n')).toEqual(
      expect.arrayContaining(['pods', 'deployments.apps', 'fleets.demo.kubegraph.dev']),
    );
  });

  it('delete --wait comes back when the object and what it owned are gone', async () => {
    await kube.run(['delete', 'deployment', 'tour', '--wait', '--cascade=foreground']);
    expect(await kube.run(['get', 'deployments,replicasets,pods', '-l', 'app=tour', '-o', 'name'])).toBe('');
  });

  it('apply takes custom resource definitions as their projects publish them', async () => {
    const file =
      process.env['KUBEGRAPH_CRDS'] ??
      fileURLToPath(new URL('../../../shared/data/crds-popular.ndjson.gz', import.meta.url));
    const definitions = gunzipSync(await readFile(file))
      .toString('utf8')
      .trim()
      .split('\n');
    const applied = await kube.run(['apply', '--server-side', '-f', '-'], definitions.join('\n---\n'));
    expect(applied.match(/serverside-applied/g)).toHaveLength(definitions.length);
    const names = definitions.map(
      (line) => (JSON.parse(line) as { metadata: { name: string } }).metadata.name,
    );
    const served = (await kube.run(['api-resources', '-o', 'name'])).split('\n');
    expect(served).toEqual(expect.arrayContaining(names));
  });
});
