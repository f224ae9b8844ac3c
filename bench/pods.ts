const APPS = ['checkout', 'payments-api', 'search-indexer', 'web-frontend', 'ledger'];

/** A list of pods as an API server sends it: some 6 KB each, two fifths of that managedFields. */
export function podList(count: number): Buffer {
  const items = Array.from({ length: count }, (_, i) => JSON.stringify(pod(i)));
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
