import type {
  Container,
  Deployment,
  Draft,
  JobSpec,
  Labels,
  PodSpec,
  PodTemplate,
  Service,
  ServicePort,
} from '../kinds.ts';

export interface ContainerOptions {
  readonly port?: number;
  readonly portName?: string;
  readonly cpu?: string;
  readonly memory?: string;
  readonly env?: readonly Readonly<Record<string, unknown>>[];
  readonly readinessPath?: string;
  readonly volumeMounts?: readonly Readonly<Record<string, unknown>>[];
  readonly command?: readonly string[];
}

/** A container with the server's defaults. */
export function container(name: string, image: string, options: ContainerOptions = {}): Container {
  const {
    port,
    portName = 'http',
    cpu = '50m',
    memory = '64Mi',
    readinessPath,
    command,
    env,
    volumeMounts,
  } = options;
  return {
    name,
    image,
    ...(command === undefined ? {} : { command }),
    ...(port === undefined ? {} : { ports: [{ name: portName, containerPort: port, protocol: 'TCP' }] }),
    ...(env === undefined ? {} : { env }),
    resources: { limits: { memory }, requests: { cpu, memory } },
    ...(volumeMounts === undefined ? {} : { volumeMounts }),
    ...(readinessPath === undefined ? {} : { readinessProbe: probe(readinessPath, portName) }),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
  };
}

function probe(path: string, port: string): NonNullable<Container['readinessProbe']> {
  const httpGet = { path, port, scheme: 'HTTP' };
  return {
    httpGet,
    initialDelaySeconds: 2,
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  };
}

export function template(
  labels: Labels,
  containers: readonly Container[],
  spec: Partial<PodSpec> = {},
): PodTemplate {
  return {
    metadata: { labels },
    spec: {
      containers,
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'default-scheduler',
      ...spec,
    },
  };
}

export interface DeploymentOptions {
  readonly namespace: string;
  readonly replicas: number;
  readonly containers: readonly Container[];
  readonly labels?: Labels;
  readonly spec?: Partial<PodSpec>;
  readonly annotations?: Labels;
}

export function deployment(name: string, options: DeploymentOptions): Draft<Deployment> {
  const { namespace, replicas, containers, labels = { app: name }, spec, annotations } = options;
  return {
    metadata: { name, namespace, labels, ...(annotations === undefined ? {} : { annotations }) },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: template(labels, containers, spec),
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
      // Rollouts go on for as long as the demo runs: a short history keeps it small.
      revisionHistoryLimit: 3,
      progressDeadlineSeconds: 600,
    },
    status: {},
  };
}

export interface ServiceOptions {
  readonly namespace: string;
  readonly ports: readonly ServicePort[];
  readonly selector?: Labels;
  readonly labels?: Labels;
  readonly type?: string;
  readonly clusterIP?: string;
}

export function service(name: string, options: ServiceOptions): Draft<Service> {
  const {
    namespace,
    ports,
    selector = { app: name },
    labels = selector,
    type = 'ClusterIP',
    clusterIP,
  } = options;
  return {
    metadata: { name, namespace, labels },
    spec: {
      ports: ports.map(({ name: portName, protocol = 'TCP', port, targetPort = port, ...rest }) => ({
        ...(portName === undefined ? {} : { name: portName }),
        protocol,
        port,
        targetPort,
        ...rest,
      })),
      selector,
      // Those that choose an address still get its family.
      ...(clusterIP === undefined
        ? {}
        : { clusterIP, clusterIPs: [clusterIP], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' }),
      type,
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
    },
    status: { loadBalancer: {} },
  };
}

export function jobSpec(labels: Labels, containers: readonly Container[]): JobSpec {
  return { template: template(labels, containers, { restartPolicy: 'OnFailure' }) };
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
