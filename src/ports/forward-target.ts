import { isObjectName } from '../util/object-name.ts';

/** What ports are forwarded to, as a command line names it. */
export interface ForwardTarget {
  readonly kind: TargetKind;
  readonly name: string;
}

export type TargetKind = keyof typeof KINDS;

/** The collections that can be named, below a namespace, and what people call them. */
const KINDS = {
  pod: { base: '/api/v1', plural: 'pods', names: ['pod', 'pods', 'po'] },
  service: { base: '/api/v1', plural: 'services', names: ['service', 'services', 'svc'] },
  deployment: {
    base: '/apis/apps/v1',
    plural: 'deployments',
    names: ['deployment', 'deployments', 'deploy'],
  },
  replicaset: { base: '/apis/apps/v1', plural: 'replicasets', names: ['replicaset', 'replicasets', 'rs'] },
  statefulset: {
    base: '/apis/apps/v1',
    plural: 'statefulsets',
    names: ['statefulset', 'statefulsets', 'sts'],
  },
} as const;

/** What can be forwarded to, for people. */
export const TARGET_KINDS: readonly string[] = Object.keys(KINDS);

/** `NAME` is a pod's, `svc/NAME` a service's; undefined for what names nothing. */
export function parseForwardTarget(text: string): ForwardTarget | undefined {
  const [, called = 'pod', name = ''] = /^(?:([^/]+)\/)?([^/]+)$/.exec(text) ?? [];
  const kinds = Object.entries(KINDS) as readonly (readonly [TargetKind, (typeof KINDS)[TargetKind]])[];
  const kind = kinds.find(([, { names }]) =>
    (names as readonly string[]).includes(called.toLowerCase()),
  )?.[0];
  return kind === undefined || !isObjectName(name) ? undefined : { kind, name };
}

export function targetPath(namespace: string, { kind, name }: ForwardTarget): string {
  const { base, plural } = KINDS[kind];
  return `${base}/namespaces/${encodeURIComponent(namespace)}/${plural}/${encodeURIComponent(name)}`;
}
