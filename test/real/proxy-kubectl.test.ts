import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { openCluster } from '../cluster/cluster.ts';
import { echoOf, startEchoServer } from './support/echo-server.ts';
import type { KubectlProcesses } from './support/kubectl-processes.ts';
import { kubectlOf } from './support/kubectl.ts';
import { openPodLog } from './support/pod-log.ts';
import {
  directKubectl,
  type ProxiedKubectl,
  proxiedKubectl,
  temporaryDirectory,
} from './support/proxied-kubectl.ts';
import { createNamespace } from './support/suite.ts';

/** Real kubectl through `kubegraph proxy` says and does what it does without anything between. */

const WEB = 'authentication';

let direct: KubectlProcesses;
let proxied: ProxiedKubectl;
let namespace: string;
let pod: string;
let podLog: string;

function deployment(replicas: number, image = 'nginx:1.27'): string {
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: WEB },
    spec: {
      replicas,
      selector: { matchLabels: { app: WEB } },
      template: {
        metadata: { labels: { app: WEB } },
        spec: { containers: [{ name: 'main', image, stdin: true, ports: [{ containerPort: 80 }] }] },
      },
    },
  });
}

beforeAll(async () => {
  const cluster = await openCluster(inject('clusterDir'));
  podLog = cluster.podLog;
  namespace = await createNamespace(kubectlOf(cluster, inject('kubectlProxyUrl')));
  [direct, proxied] = await Promise.all([directKubectl(), proxiedKubectl()]);
  await direct.run(['apply', '-n', namespace, '-f', '-'], deployment(1));
  await direct.run(['rollout', 'status', '-n', namespace, `deployment/${WEB}`]);
  pod = (
    await direct.run(['get', 'pods', '-n', namespace, '-o', 'jsonpath={.items[0].metadata.name}'])
  ).trim();
});

/** What kubectl prints, or what it complains about. */
async function said(kubectl: KubectlProcesses, args: readonly string[]): Promise<string> {
  return kubectl.run(args).catch((error: Error) => `failed: ${error.message}`);
}

const SETTLED = { timeout: 15_000, interval: 100 };

describe('what kubectl prints through the proxy is what it prints', () => {
  it.each([
    'get namespaces',
    'get pods -n NAMESPACE',
    'get pods -n NAMESPACE -o wide',
    'get pods -n NAMESPACE -o json',
    'get pods -n NAMESPACE -o yaml --show-managed-fields',
    'get pods -n bench --chunk-size=10 -o name',
    'get customresourcedefinitions -o name',
    'get deployments,replicasets,pods -n NAMESPACE -o name',
    'get pods -A -l app=authentication -o name',
    'get pod POD -n NAMESPACE -o jsonpath={.status.podIP}',
    'get pod nothing -n NAMESPACE',
    'get nonsense',
    'describe deployment authentication -n NAMESPACE',
    'describe pod POD -n NAMESPACE',
    'rollout status deployment/authentication -n NAMESPACE',
    'rollout history deployment/authentication -n NAMESPACE',
    'logs POD -n NAMESPACE',
    'logs POD -n NAMESPACE --tail=1 --timestamps',
    'logs deployment/authentication -n NAMESPACE --prefix',
    'logs POD -n NAMESPACE -c nothing',
    'explain pod.spec.containers',
    'explain deployment --recursive',
    'api-resources',
    'api-resources -o name --verbs=list --namespaced',
    'api-versions',
    'auth can-i create pods -n NAMESPACE',
    'auth can-i --list',
    'auth whoami',
    'version',
    'top pods -n NAMESPACE',
    'get --raw /apis/batch/v1',
    'get --raw /api/v1/namespaces/NAMESPACE/pods?labelSelector=app%3Dauthentication&limit=1',
    'get --raw /healthz',
    'get --raw /version',
    'get --raw /openapi/v3',
    'get --raw /apis/nonsense',
  ])('kubectl %s', async (line) => {
    const args = line.replaceAll('NAMESPACE', namespace).replaceAll('POD', pod).split(' ');
    // Ages grow, and so does the cluster's revision, which lists have.
    await vi.waitFor(async () => {
      const before = await said(direct, args);
      const through = await said(proxied, args);
      const after = await said(direct, args);
      expect([before, after]).toContain(through);
    }, SETTLED);
  });

  it('also where it takes protobuf', async () => {
    const headers = { accept: 'application/vnd.kubernetes.protobuf,application/json' };
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}`;
    const answers = await Promise.all(
      [proxied.url, inject('kubectlProxyUrl')].map(async (url) => {
        const answer = await fetch(url + path, { headers });
        return [
          answer.headers.get('content-type'),
          Buffer.from(await answer.arrayBuffer()).toString('base64'),
        ];
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]?.[0]).toBe('application/vnd.kubernetes.protobuf');
  });
});

describe('kubectl changes things through the proxy', () => {
  const run = (line: string, input?: string): Promise<string> =>
    proxied.run([...line.split(' '), '-n', namespace], input);

  it('by apply on both sides, patch, scale, rollout and delete', async () => {
    const manifest = deployment(1).replaceAll(WEB, 'changed');
    const newer = manifest.replace('nginx:1.27', 'nginx:1.28');
    expect(await run('apply -f -', manifest)).toBe('deployment.apps/changed created\n');
    expect(await run('apply -f -', manifest)).toBe('deployment.apps/changed unchanged\n');
    expect(await run('apply -f -', newer)).toBe('deployment.apps/changed configured\n');
    await expect(run('apply --server-side --field-manager=other -f -', manifest)).rejects.toThrow(
      /conflict with "kubectl-client-side-apply"/,
    );
    expect(await run('apply --server-side --force-conflicts -f -', manifest)).toBe(
      'deployment.apps/changed serverside-applied\n',
    );
    expect(
      await run(
        'patch deployment changed --type=json -p [{"op":"add","path":"/metadata/labels","value":{"a":"b"}}]',
      ),
    ).toBe('deployment.apps/changed patched\n');
    expect(await run('scale deployment changed --replicas=3')).toBe('deployment.apps/changed scaled\n');
    expect(await run('rollout restart deployment/changed')).toBe('deployment.apps/changed restarted\n');
    expect(await run('rollout status deployment/changed')).toMatch(/successfully rolled out\n$/);
    const shown = [
      'get',
      'deployment',
      'changed',
      '-n',
      namespace,
      '-o',
      'jsonpath={.status.readyReplicas} {.metadata.labels.a}',
    ];
    expect(await direct.run(shown)).toBe('3 b');
    expect(await run('delete deployment changed --cascade=foreground')).toBe(
      `deployment.apps "changed" deleted from ${namespace} namespace\n`,
    );
    await expect(run('get deployment changed')).rejects.toThrow('deployments.apps "changed" not found');
  });

  it('get -w follows what changes until it is ended', async () => {
    const watching = proxied.follow(['get', 'configmaps', '-n', namespace, '-w', '-o', 'name']);
    await run('create configmap watched-1');
    await watching.until(/configmap\/watched-1/);
    await run('create configmap watched-2');
    await watching.until(/configmap\/watched-2/);
    await watching.end();
    await run('delete configmap watched-1 watched-2');
  });

  it('logs -f goes on behind the last line', async () => {
    const log = await openPodLog(podLog);
    const following = proxied.follow(['logs', '-f', pod, '-n', namespace]);
    await following.until(/log line 3\n/);
    await log.append('written later');
    expect(await following.until(/written later\n/)).toContain('log line 1\n');
    await following.end();
  });

  it('wait is told of what happens', async () => {
    const waiting = run('wait --for=create configmap/awaited --timeout=60s');
    await run('create configmap awaited');
    expect(await waiting).toBe('configmap/awaited condition met\n');
    await run('delete configmap awaited');
  });
});

describe('exec, attach and port-forward', () => {
  it('are refused, and kubectl says so', async () => {
    const refused =
      /^kubectl [^]*unable to upgrade connection: the filter of this proxy does not let the request pass/;
    await expect(proxied.run(['exec', pod, '-n', namespace, '--', 'echo', 'hi'])).rejects.toThrow(refused);
    await expect(proxied.run(['attach', pod, '-n', namespace])).rejects.toThrow(refused);
    await expect(proxied.run(['port-forward', pod, '-n', namespace, ':80'])).rejects.toThrow(refused);
  });

  describe('with --reject-paths=^$', () => {
    let open: ProxiedKubectl;
    beforeAll(async () => {
      open = await proxiedKubectl('--reject-paths=^$');
    });

    it('exec runs a command', async () => {
      expect(await open.run(['exec', pod, '-n', namespace, '--', 'echo', 'hi'])).toBe('hi\n');
    });

    it('exec hands on what is typed', async () => {
      const typing = open.follow(['exec', '-i', pod, '-n', namespace, '--', 'cat']);
      typing.write('through and back\n');
      await typing.until(/through and back\n/);
      await typing.end();
    });

    it.each([
      ['by WebSocket', () => open],
      ['by SPDY, as older kubectl does', () => open.bySpdy],
    ])('exec hands on all that is given to it, and its end, %s', async (_, kubectl) => {
      const args = ['exec', '-i', pod, '-n', namespace, '--', 'sha256sum'];
      const input = 'a line of many\n'.repeat(200_000);
      const digest = createHash('sha256').update(input).digest('hex');
      expect(await kubectl().run(args, input)).toBe(`${digest}  -\n`);
    });

    it.each([['exit 7'], ['echo out; echo err >&2; exit 1'], ['kill -9 $$'], ['no-such-command']])(
      'exec of %j fails as it fails',
      async (script) => {
        const args = ['exec', pod, '-n', namespace, '--', 'sh', '-c', script];
        const failure = await said(direct, args);
        expect(failure).toMatch(/^failed: .*command terminated with exit code \d+\n$/s);
        expect(await said(open, args)).toBe(failure);
      },
    );

    it('cp copies folders in and out', async () => {
      const folder = await temporaryDirectory();
      const bytes = randomBytes(3_000_000);
      await mkdir(path.join(folder, 'sent', 'below'), { recursive: true });
      await writeFile(path.join(folder, 'sent', 'below', 'large'), bytes);
      await writeFile(path.join(folder, 'sent', 'empty'), '');
      // The pod's files are this machine's.
      const inPod = path.join(folder, 'in-pod');
      await open.run(['cp', '-n', namespace, path.join(folder, 'sent'), `${pod}:${inPod}`]);
      await open.run(['cp', '-n', namespace, `${pod}:${inPod}`, path.join(folder, 'received')]);
      expect(await readdir(path.join(folder, 'received'), { recursive: true })).toEqual(
        await readdir(path.join(folder, 'sent'), { recursive: true }),
      );
      expect(bytes.equals(await readFile(path.join(folder, 'received', 'below', 'large')))).toBe(true);
    });

    it.each([
      ['by WebSocket', () => open],
      ['by SPDY, as older kubectl does', () => open.bySpdy],
    ])('attach carries what both sides say, %s', async (_, kubectl) => {
      const args = ['attach', '-i', pod, '-n', namespace];
      expect(await kubectl().run(args, 'there and back\n')).toBe('there and back\n');
    });

    it.each([
      ['by WebSocket', () => open],
      ['by SPDY, as older kubectl does', () => open.bySpdy],
    ])('port-forward carries what several connections say, %s', async (_, kubectl) => {
      const remote = await startEchoServer();
      const forwarding = kubectl().follow(['port-forward', pod, '-n', namespace, `:${remote}`]);
      const greeting = await forwarding.until(/Forwarding from 127\.0\.0\.1:\d+ -> \d+\n/);
      const port = Number(/127\.0\.0\.1:(\d+)/.exec(greeting)?.[1]);
      const sent = [10, 200_000, 2_000_000].map((length) => randomBytes(length));
      const received = await Promise.all(sent.map((bytes) => echoOf(port, bytes)));
      expect(received.map((bytes, index) => bytes.equals(sent[index] as Buffer))).toEqual([true, true, true]);
      await forwarding.end();
    });
  });
});

describe('the seeds of use', () => {
  it('a curl of /apis/batch/v1 answers what kubectl get --raw does', async () => {
    const answer = await fetch(`${proxied.url}/apis/batch/v1`);
    const text = await answer.text();
    expect(text).toBe(await proxied.run(['get', '--raw', '/apis/batch/v1']));
    expect(JSON.parse(text)).toMatchObject({ kind: 'APIResourceList', groupVersion: 'batch/v1' });
  });

  it('a curl of a deployment answers what kubectl get -o json does', async () => {
    const answer = await fetch(`${proxied.url}/apis/apps/v1/namespaces/${namespace}/deployments/${WEB}`);
    const shown = await direct.run([
      '-n',
      namespace,
      'get',
      `deploy/${WEB}`,
      '-o',
      'json',
      '--show-managed-fields',
    ]);
    expect(await answer.json()).toEqual(JSON.parse(shown));
  });
});
