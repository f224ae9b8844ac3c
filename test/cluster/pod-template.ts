const APPS = [
  'checkout',
  'catalog',
  'payments',
  'search',
  'frontend',
  'inventory',
  'mailer',
  'reports',
] as const;

/** Replicas of one app, as if a ReplicaSet had made them: pods of one app differ only in their name. */
const REPLICAS = 25;

/**
 * The `index`-th pod: about 6.5 kB as the server returns it, managed fields included, like a usual production pod. The same index gives
 * the same pod, so two clusters can be compared.
 */
export function podOf(index: number): unknown {
  const app = APPS[Math.floor(index / REPLICAS) % APPS.length] ?? APPS[0];
  const release = `${app}-${Math.floor(index / (REPLICAS * APPS.length))}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${release}-${String(index).padStart(5, '0')}`,
      labels: labelsOf(app, release),
      annotations: {
        'prometheus.io/scrape': 'true',
        'prometheus.io/port': '9090',
        'checksum/config': index.toString(16).padStart(64, '0'),
      },
    },
    spec: {
      containers: [appContainer(app), proxyContainer()],
      volumes: [
        { name: 'config', configMap: { name: `${app}-config`, optional: true } },
        { name: 'cache', emptyDir: { sizeLimit: '256Mi' } },
      ],
      securityContext: { runAsNonRoot: true, runAsUser: 10_001, fsGroup: 10_001 },
      terminationGracePeriodSeconds: 30,
    },
  };
}

function labelsOf(app: string, release: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': app,
    'app.kubernetes.io/instance': release,
    'app.kubernetes.io/version': '1.42.0',
    'app.kubernetes.io/component': 'server',
    'app.kubernetes.io/part-of': 'shop',
    'pod-template-hash': '6d5f8c9b7',
  };
}

function appContainer(app: string): unknown {
  return {
    name: 'app',
    image: `images.example/shop/${app}:1.42.0`,
    args: ['serve', '--config=/etc/app/config.yaml'],
    ports: [
      { name: 'http', containerPort: 8080 },
      { name: 'metrics', containerPort: 9090 },
    ],
    env: [
      { name: 'LOG_LEVEL', value: 'info' },
      { name: 'DATABASE_URL', value: `postgres://${app}-db.example.svc:5432/${app}` },
      { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    ],
    resources: { requests: { cpu: '250m', memory: '256Mi' }, limits: { cpu: '1', memory: '512Mi' } },
    volumeMounts: [
      { name: 'config', mountPath: '/etc/app', readOnly: true },
      { name: 'cache', mountPath: '/var/cache/app' },
    ],
  };
}

function proxyContainer(): unknown {
  return {
    name: 'proxy',
    image: 'images.example/mesh/proxy:3.7.1',
    args: ['proxy', 'sidecar', '--log-level=warning'],
    ports: [{ name: 'proxy-admin', containerPort: 15_000 }],
    resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } },
  };
}
