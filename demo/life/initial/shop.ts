import type { World } from '../controller.ts';
import {
  AUTOSCALERS,
  CONFIG_MAPS,
  CRON_JOBS,
  DEPLOYMENTS,
  DISRUPTION_BUDGETS,
  INGRESSES,
  JOBS,
  NETWORK_POLICIES,
  SECRETS,
  SERVICES,
  STATEFUL_SETS,
} from '../kinds.ts';
import { base64, container, deployment, jobSpec, service, template } from './manifests.ts';

const namespace = 'shop';
const DB_LABELS = { app: 'db' };

/** A shop: a web front, an API, workers, payment that is scaled by load, and a database with disks. */
export function createShop(world: World): void {
  createSettings(world);
  createDatabase(world);
  createServices(world);
  createWorkloads(world);
  createRules(world);
}

function createSettings({ objects }: World): void {
  objects.create(CONFIG_MAPS, {
    metadata: { name: 'web-config', namespace, labels: { app: 'web' } },
    data: {
      theme: 'light',
      'nginx.conf': 'server {\n  listen 8080;\n  location /healthz { return 200; }\n}\n',
    },
  });
  objects.create(CONFIG_MAPS, {
    metadata: { name: 'feature-flags', namespace },
    data: { checkout: 'v1', recommendations: 'off' },
  });
  objects.create(SECRETS, {
    metadata: { name: 'db-credentials', namespace, labels: DB_LABELS },
    data: { password: base64('demo-only'), username: base64('shop') },
    type: 'Opaque',
  });
  objects.create(SECRETS, {
    metadata: { name: 'payment-key', namespace },
    data: { key: base64('not-a-real-key') },
    type: 'Opaque',
  });
}

function createDatabase({ objects }: World): void {
  const password = {
    name: 'POSTGRES_PASSWORD',
    valueFrom: { secretKeyRef: { name: 'db-credentials', key: 'password' } },
  };
  const postgres = container('postgres', 'postgres:16.4', {
    port: 5432,
    portName: 'postgres',
    cpu: '200m',
    memory: '512Mi',
    env: [password],
    volumeMounts: [{ name: 'data', mountPath: '/var/lib/postgresql/data' }],
  });
  objects.create(STATEFUL_SETS, {
    metadata: { name: 'db', namespace, labels: DB_LABELS },
    spec: {
      replicas: 2,
      selector: { matchLabels: DB_LABELS },
      template: template(DB_LABELS, [postgres]),
      volumeClaimTemplates: [
        {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          metadata: { name: 'data' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            resources: { requests: { storage: '8Gi' } },
            storageClassName: 'standard',
            volumeMode: 'Filesystem',
          },
          status: { phase: 'Pending' },
        },
      ],
      serviceName: 'db',
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      revisionHistoryLimit: 10,
    },
    status: { replicas: 0, availableReplicas: 0 },
  });
}

function createServices({ objects }: World): void {
  const http = { name: 'http', port: 80, targetPort: 'http' };
  for (const name of ['web', 'api', 'payment'])
    objects.create(SERVICES, service(name, { namespace, ports: [http] }));
  const postgres = { name: 'postgres', port: 5432, targetPort: 'postgres' };
  objects.create(SERVICES, service('db', { namespace, ports: [postgres], clusterIP: 'None' }));
}

function createWorkloads({ objects }: World): void {
  const database = { name: 'DATABASE_URL', value: 'postgres://shop@db:5432/shop' };
  const config = [{ name: 'config', configMap: { name: 'web-config', defaultMode: 420 } }];
  const web = container('web', 'nginx:1.27.0', {
    port: 8080,
    readinessPath: '/healthz',
    volumeMounts: [{ name: 'config', mountPath: '/etc/nginx/conf.d', readOnly: true }],
  });
  objects.create(
    DEPLOYMENTS,
    deployment('web', { namespace, replicas: 3, containers: [web], spec: { volumes: config } }),
  );
  const api = container('api', 'demo.kubegraph.dev/shop/api:2.3.0', {
    port: 8080,
    cpu: '100m',
    memory: '128Mi',
    readinessPath: '/healthz',
    env: [database],
  });
  objects.create(DEPLOYMENTS, deployment('api', { namespace, replicas: 3, containers: [api] }));
  const worker = container('worker', 'demo.kubegraph.dev/shop/worker:1.8.0', { env: [database] });
  objects.create(DEPLOYMENTS, deployment('worker', { namespace, replicas: 2, containers: [worker] }));
  const payment = container('payment', 'demo.kubegraph.dev/shop/payment:4.1.0', {
    port: 8080,
    cpu: '200m',
    readinessPath: '/healthz',
  });
  objects.create(DEPLOYMENTS, deployment('payment', { namespace, replicas: 3, containers: [payment] }));
}

function createRules({ objects }: World): void {
  objects.create(AUTOSCALERS, {
    metadata: { name: 'payment', namespace },
    spec: {
      scaleTargetRef: { kind: 'Deployment', name: 'payment', apiVersion: 'apps/v1' },
      minReplicas: 2,
      maxReplicas: 6,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } },
        },
      ],
    },
    status: { desiredReplicas: 0, currentMetrics: null },
  });
  for (const name of ['web', 'db']) {
    objects.create(DISRUPTION_BUDGETS, {
      metadata: { name, namespace },
      spec: { minAvailable: 1, selector: { matchLabels: { app: name } } },
      status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
    });
  }
  objects.create(INGRESSES, {
    metadata: { name: 'shop', namespace },
    spec: {
      ingressClassName: 'demo',
      rules: [{ host: 'shop.demo.example', http: { paths: [path('/', 'web'), path('/api', 'api')] } }],
    },
    status: { loadBalancer: { ingress: [{ ip: '172.18.0.100' }] } },
  });
  objects.create(NETWORK_POLICIES, {
    metadata: { name: 'db-from-api', namespace },
    spec: {
      podSelector: { matchLabels: DB_LABELS },
      ingress: [
        {
          ports: [{ protocol: 'TCP', port: 5432 }],
          from: [
            {
              podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['api', 'worker'] }] },
            },
          ],
        },
      ],
      policyTypes: ['Ingress'],
    },
  });
}

function path(prefix: string, name: string): unknown {
  return { path: prefix, pathType: 'Prefix', backend: { service: { name, port: { name: 'http' } } } };
}

/** A deployment that never comes up: whoever looks finds out why. */
export function createBrokenDeployment({ objects }: World): void {
  const recommender = container('recommender', 'demo.kubegraph.dev/shop/recommender:0.1.0-crash', {
    port: 8080,
    readinessPath: '/healthz',
  });
  objects.create(
    DEPLOYMENTS,
    deployment('recommender', { namespace, replicas: 1, containers: [recommender] }),
  );
}

/** A job that has run, and one that runs every five minutes. */
export function createShopJobs({ objects }: World): void {
  const migrate = container('migrate', 'demo.kubegraph.dev/shop/api:2.3.0', {
    command: ['/bin/migrate', 'up'],
  });
  objects.create(JOBS, {
    metadata: { name: 'db-migrate', namespace },
    spec: jobSpec({ app: 'db-migrate' }, [migrate]),
    status: {},
  });
  const report = container('report', 'demo.kubegraph.dev/shop/worker:1.8.0', {
    command: ['/bin/report', '--since=5m'],
  });
  objects.create(CRON_JOBS, {
    metadata: { name: 'sales-report', namespace },
    spec: {
      schedule: '*/5 * * * *',
      concurrencyPolicy: 'Forbid',
      suspend: false,
      jobTemplate: { metadata: {}, spec: jobSpec({ app: 'sales-report' }, [report]) },
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    },
    status: {},
  });
}
