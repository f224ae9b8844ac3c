import { join } from 'node:path';
import type { Layout } from './layout.ts';
import type { Binaries, Ports, Program } from './state.ts';

/** A program ready to be started: a pure value. */
export interface Component {
  readonly name: Program;
  readonly command: string;
  readonly args: readonly string[];
}

/** Everything that decides how the programs are started; nothing else does, so a restart starts the same. */
export interface ComponentContext {
  readonly layout: Layout;
  readonly ports: Ports;
  readonly binaries: Binaries;
}

/** Objects per second that controllers and scheduler may send. At their default of 20, 5,000 pods take 4 minutes. */
const CLIENT_LIMITS = ['--kube-api-qps=1000', '--kube-api-burst=2000'];

/** The definition of `name` in this cluster. */
export function componentOf(name: Program, context: ComponentContext): Component {
  const { controlPlane, kwok } = context.binaries;
  if (name === 'kwok') return { name, command: kwok, args: kwokArgs(context) };
  return { name, command: controlPlane, args: [name, ...CONTROL_PLANE_ARGS[name](context)] };
}

const CONTROL_PLANE_ARGS: Record<Exclude<Program, 'kwok'>, (context: ComponentContext) => string[]> = {
  etcd: etcdArgs,
  'kube-apiserver': apiServerArgs,
  'kube-controller-manager': controllerManagerArgs,
  'kube-scheduler': schedulerArgs,
};

function etcdArgs({ layout, ports }: ComponentContext): string[] {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  return [
    `--data-dir=${layout.etcdData}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // Losing the data when the machine crashes is fine for a test.
    '--unsafe-no-fsync',
  ];
}

function apiServerArgs({ layout, ports }: ComponentContext): string[] {
  const pki = (file: string) => join(layout.pki, file);
  return [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${ports.apiServer}`,
    // Endpoints may not hold loopback addresses; the reconciler would log that refusal every few seconds.
    '--endpoint-reconciler-type=none',
    `--cert-dir=${layout.pki}`,
    `--tls-cert-file=${pki('server.crt')}`,
    `--tls-private-key-file=${pki('server.key')}`,
    `--client-ca-file=${pki('ca.crt')}`,
    `--token-auth-file=${layout.tokenTable}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${pki('sa.pub')}`,
    `--service-account-signing-key-file=${pki('sa.key')}`,
    `--kubelet-client-certificate=${pki('kubelet-client.crt')}`,
    `--kubelet-client-key=${pki('kubelet-client.key')}`,
    '--kubelet-preferred-address-types=InternalIP',
    `--requestheader-client-ca-file=${pki('front-proxy-ca.crt')}`,
    '--requestheader-allowed-names=front-proxy-client',
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    `--proxy-client-cert-file=${pki('front-proxy-client.crt')}`,
    `--proxy-client-key-file=${pki('front-proxy-client.key')}`,
    // Without it, open watches keep the process from ending for a minute.
    '--shutdown-watch-termination-grace-period=1s',
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--allow-privileged',
    // Pods would have to wait for their namespace's service account; nothing here reads its token.
    '--disable-admission-plugins=ServiceAccount',
  ];
}

function controllerManagerArgs({ layout }: ComponentContext): string[] {
  return [
    `--kubeconfig=${join(layout.pki, 'controller-manager.kubeconfig')}`,
    `--service-account-private-key-file=${join(layout.pki, 'sa.key')}`,
    `--root-ca-file=${join(layout.pki, 'ca.crt')}`,
    ...singleton(),
  ];
}

function schedulerArgs({ layout }: ComponentContext): string[] {
  return [`--kubeconfig=${join(layout.pki, 'scheduler.kubeconfig')}`, ...singleton()];
}

/** What a program needs that runs once: no election, no port of its own, no modest client limits. */
function singleton(): string[] {
  return ['--leader-elect=false', '--bind-address=127.0.0.1', '--secure-port=0', ...CLIENT_LIMITS];
}

/** Stage files beside this module, one idea each. There is no KwokConfiguration: an empty one zeroes all defaults. */
const KWOK_FILES = [
  'node-initialize',
  'node-heartbeat',
  'pod-ready',
  'pod-complete',
  'pod-delete',
  'cluster-logs',
];

function kwokArgs({ layout, ports }: ComponentContext): string[] {
  return [
    `--kubeconfig=${join(layout.pki, 'kwok.kubeconfig')}`,
    '--manage-all-nodes=true',
    // With leases a node's object stays unchanged for minutes, so node watches in tests are quiet.
    '--node-lease-duration-seconds=40',
    // Pods' addresses; apart from the services' range.
    '--cidr=10.244.0.0/16',
    '--node-ip=127.0.0.1',
    `--node-port=${ports.kubelet}`,
    `--kubelet-address=127.0.0.1:${ports.kubelet}`,
    `--kwok-address=127.0.0.1:${ports.kwok}`,
    `--server-address=127.0.0.1:${ports.kwok}`,
    ...KWOK_FILES.map((file) => `--config=${join(import.meta.dirname, 'kwok', `${file}.yaml`)}`),
  ];
}
