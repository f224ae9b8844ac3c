/**
 * How much CPU it costs to answer a small selection from a list of 5,000 pods. Run with `npx tsx bench/projection.ts`.
 *
 * All ways are measured in turn, round by round, so that a busy machine disturbs them alike. CPU time includes that of the
 * garbage collector's threads, which is most of what JSON.parse costs beyond its wall time.
 */
import { ByteWriter } from '../src/projection/byte-writer.ts';
import { ListScanner } from '../src/projection/list-scanner.ts';
import type { ObjectProgram, Output } from '../src/projection/program.ts';
import { compileProgram, projectDocument } from '../src/projection/project.ts';

const PODS = 5000;
const ROUNDS = 15;
const APPS = ['checkout', 'payments-api', 'search-indexer', 'web-frontend', 'ledger'];

/** A selection `{ key { … } }`, in its order. */
interface Selection {
  readonly [key: string]: true | Selection;
}

const SELECTION: Selection = {
  metadata: { name: true, namespace: true, labels: true },
  spec: { nodeName: true },
  status: { phase: true },
};
const REVERSED: Selection = {
  status: { phase: true },
  spec: { nodeName: true },
  metadata: { labels: true, namespace: true, name: true },
};

function toProgram(selection: Selection): ObjectProgram {
  return {
    outputs: Object.entries(selection).map(([key, inner]): Output => {
      return { kind: 'key', responseName: key, key, program: inner === true ? null : toProgram(inner) };
    }),
  };
}

function podList(): Buffer {
  const items = Array.from({ length: PODS }, (_, i) => JSON.stringify(pod(i)));
  return Buffer.from(
    `{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"81234567"},"items":[${items.join(',')}]}\n`,
  );
}

function pod(i: number): unknown {
  const hash = ((i * 2_654_435_761) >>> 0).toString(16).padStart(8, '0');
  const app = APPS[i % APPS.length]!;
  const owner = `${app}-${hash}`;
  const time = `2025-11-0${1 + (i % 9)}T1${i % 10}:0${i % 6}:3${i % 10}Z`;
  const uid = `${hash}-${hash.slice(0, 4)}-4${hash.slice(1, 4)}-9${hash.slice(2, 5)}-${hash}${hash.slice(0, 4)}`;
  const ip = `10.${i >> 12}.${(i >> 4) & 255}.${i & 15}`;
  return {
    metadata: {
      name: `${owner}-${((i * 7919) % 60_466_176).toString(36).padStart(5, '0')}`,
      generateName: `${owner}-`,
      namespace: `team-${i % 40}`,
      uid,
      resourceVersion: String(1_000_000 + i * 3),
      creationTimestamp: time,
      labels: {
        'app.kubernetes.io/instance': `${app}-prod`,
        'app.kubernetes.io/name': app,
        'pod-template-hash': hash,
      },
      annotations: { 'checksum/config': hash.repeat(8), 'prometheus.io/port': '8080' },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: owner,
          uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      managedFields: [
        managed('kube-controller-manager', time, controllerFields(uid)),
        { ...managed('kubelet', time, kubeletFields(ip)), subresource: 'status' },
      ],
    },
    spec: podSpec(app, hash, i),
    status: podStatus(app, hash, time, ip, i),
  };
}

function managed(manager: string, time: string, fieldsV1: unknown): object {
  return { manager, operation: 'Update', apiVersion: 'v1', time, fieldsType: 'FieldsV1', fieldsV1 };
}

/** A set of owned fields: `{".":{},"f:a":{},…}`, with what is nested in some of them. */
function owned(names: string, nested: Readonly<Record<string, unknown>> = {}): object {
  const own = names.split(' ').map((name) => [`f:${name}`, {}]);
  return { '.': {}, ...Object.fromEntries(own), ...nested };
}

function controllerFields(uid: string): unknown {
  const probe = owned('failureThreshold initialDelaySeconds periodSeconds successThreshold timeoutSeconds', {
    'f:httpGet': owned('path port scheme'),
  });
  const container = owned(
    'image imagePullPolicy name resources terminationMessagePath terminationMessagePolicy',
    {
      'f:env': {
        'k:{"name":"LOG_LEVEL"}': owned('name value'),
        'k:{"name":"POD_NAME"}': owned('name valueFrom'),
      },
      'f:livenessProbe': probe,
      'f:ports': { 'k:{"containerPort":8080,"protocol":"TCP"}': owned('containerPort name protocol') },
      'f:readinessProbe': probe,
      'f:volumeMounts': { 'k:{"mountPath":"/etc/app"}': owned('mountPath name') },
    },
  );
  return {
    'f:metadata': {
      'f:annotations': owned('checksum/config prometheus.io/port'),
      'f:generateName': {},
      'f:labels': owned('app.kubernetes.io/instance app.kubernetes.io/name pod-template-hash'),
      'f:ownerReferences': { '.': {}, [`k:{"uid":"${uid}"}`]: {} },
    },
    'f:spec': owned(
      'dnsPolicy enableServiceLinks restartPolicy schedulerName serviceAccount serviceAccountName',
      {
        'f:containers': { 'k:{"name":"app"}': container },
        'f:securityContext': owned('fsGroup runAsNonRoot'),
        'f:volumes': {
          '.': {},
          'k:{"name":"config"}': owned('name', { 'f:configMap': owned('defaultMode name') }),
        },
      },
    ),
  };
}

function kubeletFields(ip: string): unknown {
  const types = ['ContainersReady', 'Initialized', 'PodReadyToStartContainers', 'Ready'];
  const condition = owned('lastProbeTime lastTransitionTime status type');
  return {
    'f:status': owned('containerStatuses hostIP hostIPs phase podIP startTime', {
      'f:conditions': Object.fromEntries(types.map((type) => [`k:{"type":"${type}"}`, condition])),
      'f:podIPs': { '.': {}, [`k:{"ip":"${ip}"}`]: owned('ip') },
    }),
  };
}

function podSpec(app: string, hash: string, i: number): unknown {
  const probe = {
    httpGet: { path: '/healthz', port: 'http', scheme: 'HTTP' },
    periodSeconds: 10,
    timeoutSeconds: 1,
  };
  const token = `kube-api-access-${hash.slice(0, 5)}`;
  const toleration = { operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 };
  return {
    volumes: [
      { name: 'config', configMap: { name: `${app}-config`, defaultMode: 420 } },
      {
        name: token,
        projected: {
          sources: [
            { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
            { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          ],
          defaultMode: 420,
        },
      },
    ],
    containers: [
      {
        name: 'app',
        image: `registry.example.com/shop/${app}:1.${i % 40}.3`,
        ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
        env: [
          { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
          { name: 'LOG_LEVEL', value: 'info' },
        ],
        resources: { limits: { cpu: '500m', memory: '512Mi' }, requests: { cpu: '100m', memory: '256Mi' } },
        volumeMounts: [
          { name: 'config', mountPath: '/etc/app' },
          { name: token, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
        ],
        livenessProbe: probe,
        readinessProbe: probe,
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        imagePullPolicy: 'IfNotPresent',
      },
    ],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: app,
    nodeName: `node-${i % 120}.eu-central-1.compute.internal`,
    securityContext: { runAsNonRoot: true, fsGroup: 1000 },
    schedulerName: 'default-scheduler',
    tolerations: [
      { key: 'node.kubernetes.io/not-ready', ...toleration },
      { key: 'node.kubernetes.io/unreachable', ...toleration },
    ],
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
  };
}

function podStatus(app: string, hash: string, time: string, ip: string, i: number): unknown {
  const types = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];
  const image = `registry.example.com/shop/${app}`;
  return {
    phase: 'Running',
    conditions: types.map((type) => ({
      type,
      status: 'True',
      lastProbeTime: null,
      lastTransitionTime: time,
    })),
    hostIP: `10.0.${i % 120}.4`,
    podIP: ip,
    podIPs: [{ ip }],
    startTime: time,
    containerStatuses: [
      {
        name: 'app',
        state: { running: { startedAt: time } },
        lastState: {},
        ready: true,
        restartCount: i % 3,
        image: `${image}:1.${i % 40}.3`,
        imageID: `${image}@sha256:${hash.repeat(8)}`,
        containerID: `containerd://${hash.repeat(8)}`,
      },
    ],
    qosClass: 'Burstable',
  };
}

/** The baseline: what a gateway does that knows only objects. */
function parseAndWalk(json: Buffer): string {
  const list = JSON.parse(json.toString()) as { readonly items: readonly unknown[] };
  return JSON.stringify({ items: list.items.map((item) => walk(SELECTION, item)) });
}

function walk(selection: Selection, value: unknown): unknown {
  // Pods are objects wherever the selection goes on.
  const object = value as Readonly<Record<string, unknown>>;
  const answer: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(selection)) {
    answer[key] = inner === true ? (object[key] ?? null) : walk(inner, object[key]);
  }
  return answer;
}

function projectWhole(selection: Selection, json: Buffer): string {
  const output = new ByteWriter();
  projectDocument(compileProgram(toProgram({ items: selection })), json, output);
  return output.take().toString();
}

function projectStream(json: Buffer, chunkBytes: number): string {
  const output = new ByteWriter();
  output.writeAscii('{"items":[');
  const scanner = new ListScanner({ programs: [compileProgram(toProgram(SELECTION))], outputs: [output] });
  pushInChunks(scanner, json, chunkBytes);
  scanner.end();
  output.writeAscii(']}');
  return output.take().toString();
}

function skip(json: Buffer, chunkBytes: number): string {
  const scanner = new ListScanner({ programs: [], outputs: [] });
  pushInChunks(scanner, json, chunkBytes);
  return String(scanner.end().count);
}

function pushInChunks(scanner: ListScanner, json: Buffer, chunkBytes: number): void {
  for (let at = 0; at < json.length; at += chunkBytes) scanner.push(json.subarray(at, at + chunkBytes));
}

function cpuMs(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

const KIB = 1024;
const list = podList();
const ways: readonly (readonly [name: string, run: () => string])[] = [
  ['JSON.parse, walk, JSON.stringify', () => parseAndWalk(list)],
  ['projected whole', () => projectWhole(SELECTION, list)],
  ['projected whole, every key out of order', () => projectWhole(REVERSED, list)],
  ['projected in chunks of 256 KiB', () => projectStream(list, 256 * KIB)],
  ['projected in chunks of 64 KiB', () => projectStream(list, 64 * KIB)],
  ['projected in chunks of 16 KiB', () => projectStream(list, 16 * KIB)],
  ['skipped whole', () => skip(list, list.length)],
  ['skipped in chunks of 64 KiB', () => skip(list, 64 * KIB)],
];

const expected = parseAndWalk(list);
for (const answer of [projectWhole(SELECTION, list), projectStream(list, 64 * KIB)]) {
  if (answer !== expected) throw new Error('the ways disagree: nothing to compare');
}

const times = ways.map((): number[] => []);
for (let round = 0; round < ROUNDS; round++) {
  for (const [way, [, run]] of ways.entries()) times[way]!.push(cpuMs(run));
}
const megabytes = list.length / 1e6;
process.stdout.write(
  `${PODS} pods, ${megabytes.toFixed(1)} MB, answer ${(expected.length / 1e6).toFixed(1)} MB; CPU, median of ${ROUNDS} rounds\n`,
);
for (const [way, [name]] of ways.entries()) {
  const ms = median(times[way]!);
  const rate = ((megabytes / ms) * 1000).toFixed(0);
  process.stdout.write(`${name.padEnd(42)}${ms.toFixed(1).padStart(7)} ms ${rate.padStart(6)} MB/s\n`);
}
