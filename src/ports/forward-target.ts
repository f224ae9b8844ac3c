import { pathOf } from '../cluster/resource-path.ts';
import { isObjectName } from '../util/object-name.ts';

/** What ports are forwarded to, as a command line names it. */
export interface ForwardTarget {
  readonly kind: TargetKind;
  readonly name: string;
}

export type TargetKind = keyof typeof KINDS;

const CORE = { group: '', version: 'v1' };
const APPS = { group: 'apps', version: 'v1' };

/** The collections that can be named, below a namespace, and what people call them. */
const KINDS = {
  pod: { ...CORE, resource: 'pods', names: ['pod', 'pods', 'po'] },
  service: { ...CORE, resource: 'services', names: ['service', 'services', 'svc'] },
  deployment: { ...APPS, resource: 'deployments', names: ['deployment', 'deployments', 'deploy'] },
  replicaset: { ...APPS, resource: 'replicasets', names: ['replicaset', 'replicasets', 'rs'] },
  statefulset: { ...APPS, resource: 'statefulsets', names: ['statefulset', 'statefulsets', 'sts'] },
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
  return pathOf(KINDS[kind], namespace, name);
}
