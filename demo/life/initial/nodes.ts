import { hexDigits, uuid } from '../chance.ts';
import type { World } from '../controller.ts';
import { type Condition, NODES } from '../kinds.ts';
import { timestamp } from '../time.ts';

const ZONES = ['a', 'b', 'c'];
const HAS = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
] as const;

/** Three nodes, the first with the control plane. */
export function createInitialNodes(world: World): void {
  for (const [at, zone] of ZONES.entries()) createNode(world, `node-${at + 1}`, { at, zone });
}

function createNode(
  { objects, clock, random }: World,
  name: string,
  { at, zone }: { at: number; zone: string },
): void {
  const own = random.fork(name);
  const size = {
    cpu: '4',
    'ephemeral-storage': '102350Mi',
    'hugepages-2Mi': '0',
    memory: '16367476Ki',
    pods: '110',
  };
  const now = timestamp(clock.now());
  const conditions: readonly Condition[] = HAS.map(([type, status, reason, message]) => ({
    type,
    status,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
    reason,
    message,
  }));
  const podCIDR = `10.244.${at}.0/24`;
  objects.create(NODES, {
    metadata: {
      name,
      labels: labelsOf(name, zone, at === 0),
      annotations: {
        'node.alpha.kubernetes.io/ttl': '0',
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      },
    },
    spec: { podCIDR, podCIDRs: [podCIDR], providerID: `demo://demo/${name}` },
    status: {
      capacity: size,
      allocatable: { ...size, cpu: '3920m', 'ephemeral-storage': '96625420288', memory: '15318900Ki' },
      conditions,
      addresses: [
        { type: 'InternalIP', address: `172.18.0.${at + 2}` },
        { type: 'Hostname', address: name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
      nodeInfo: {
        machineID: hexDigits(own, 32),
        systemUUID: uuid(own),
        bootID: uuid(own),
        kernelVersion: '6.12.41',
        osImage: 'Demo Linux 1',
        containerRuntimeVersion: 'containerd://2.1.4',
        kubeletVersion: 'v1.36.3',
        kubeProxyVersion: '',
        operatingSystem: 'linux',
        architecture: 'amd64',
      },
    },
  });
}

function labelsOf(name: string, zone: string, isControlPlane: boolean): Readonly<Record<string, string>> {
  return {
    'beta.kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    ...(isControlPlane ? { 'node-role.kubernetes.io/control-plane': '' } : {}),
    'topology.kubernetes.io/region': 'demo',
    'topology.kubernetes.io/zone': `demo-${zone}`,
  };
}
