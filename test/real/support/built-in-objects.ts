/** Objects of many built-in kinds, all called `name`, with values that are easily corrupted. */
export function namespacedObjects(name: string): readonly object[] {
  const metadata = {
    name,
    labels: { 'app.kubernetes.io/name': 'seeded', tier: 'a' },
    annotations: {
      'example.com/text': 'a "quoted" line\nand <another> \u2028 one: ü €',
      'example.com/empty': '',
    },
  };
  const selector = { matchLabels: { app: name } };
  const template = podTemplate(name);
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { 'a.b': '1', empty: '' },
      binaryData: { bytes: '//79' },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      type: 'Opaque',
      data: { 'tls.crt': 'AAEC', '.hidden': '' },
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        selector: { app: name },
        ports: [
          { name: 'http', port: 80, targetPort: 'http' },
          { name: 'metrics', port: 9090, targetPort: 8080 },
        ],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'ReplicationController',
      metadata,
      spec: { replicas: 0, selector: { app: name }, template },
    },
    { apiVersion: 'v1', kind: 'PodTemplate', metadata, template },
    {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata,
      spec: { hard: { pods: '100', 'requests.cpu': '10' } },
    },
    {
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata,
      spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '1m', memory: '1Mi' } }] },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata,
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        selector,
        template,
        strategy: { rollingUpdate: { maxSurge: '25%', maxUnavailable: 1 } },
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata,
      spec: { replicas: 0, serviceName: name, selector, template },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata,
      spec: { selector, template: podTemplate(name, { nowhere: 'x' }) },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata,
      spec: {
        schedule: '0 0 1 1 *',
        suspend: true,
        jobTemplate: { spec: { template: podTemplate(name, {}, 'Never') } },
      },
    },
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata,
      spec: { suspend: true, template: podTemplate(name, {}, 'Never') },
    },
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata,
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name }, maxReplicas: 3 },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata,
      spec: { minAvailable: '50%', selector },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata,
      spec: { defaultBackend: { service: { name, port: { number: 80 } } } },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata,
      spec: {
        podSelector: {},
        ingress: [{ ports: [{ port: 'http' }, { port: 8080 }] }],
        policyTypes: ['Ingress'],
      },
    },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata,
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.1.2.3'], conditions: { ready: true } }],
      ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
    },
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata,
      spec: { holderIdentity: name, renewTime: '2026-01-01T00:00:00.123456Z', leaseDurationSeconds: 30 },
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name }],
    },
  ];
}

/** Cluster-wide ones. They have no effect on anything else, and do not go with a namespace. */
export function clusterWideObjects(name: string): readonly object[] {
  const metadata = { name, labels: { 'app.kubernetes.io/name': 'seeded' } };
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata,
      spec: {
        capacity: { storage: '1536Mi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: name,
        hostPath: { path: '/nowhere' },
      },
    },
    { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata, provisioner: 'example.com/none' },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata,
      spec: { controller: 'example.com/none' },
    },
    { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata, value: 7 },
    { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata, handler: 'none' },
  ];
}

/** Names by which `kubectl delete` finds `clusterWideObjects` again. */
export function clusterWideNames(name: string): readonly string[] {
  return ['persistentvolume', 'storageclass', 'ingressclass', 'priorityclass', 'runtimeclass'].map(
    (kind) => `${kind}/${name}`,
  );
}

function podTemplate(name: string, nodeSelector: object = {}, restartPolicy = 'Always'): object {
  return {
    metadata: { labels: { app: name } },
    spec: {
      nodeSelector,
      restartPolicy,
      volumes: [{ name: 'scratch', emptyDir: {} }],
      containers: [
        {
          name: 'main',
          image: 'example.com/none:1',
          ports: [{ name: 'http', containerPort: 8080 }],
          resources: { requests: { cpu: '0.1', memory: '1024Mi' } },
          readinessProbe: { httpGet: { path: '/', port: 'http' } },
          livenessProbe: { httpGet: { path: '/', port: 8080 } },
          volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }],
        },
      ],
    },
  };
}
