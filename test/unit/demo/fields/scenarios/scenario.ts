import type { KubeObject } from '../../../../../demo/api/object.ts';

/** A write in a scenario. Each scenario is the life of one object. */
export interface Step {
  readonly title: string;
  readonly write: 'create' | 'put' | 'merge' | 'strategic' | 'apply' | 'force';
  readonly manager: string;
  readonly subresource?: 'status' | 'scale';
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Scenario {
  readonly title: string;
  readonly kind: 'ConfigMap' | 'PodTemplate' | 'Service' | 'Deployment' | 'Certificate';
  readonly steps: readonly Step[];
}

/** What the real server did at a step. */
export interface Recording {
  /** The object before the step, where others changed it after the step before. */
  readonly before?: KubeObject;
  readonly after?: KubeObject;
  readonly error?: Readonly<Record<string, unknown>>;
}

export const NAMESPACE = 'fields-recorded';

/** Recorded times do not depend on the run. */
export function timeAt(second: number): string {
  return `2026-01-01T00:00:${String(second).padStart(2, '0')}Z`;
}

const API_VERSIONS = {
  ConfigMap: 'v1',
  PodTemplate: 'v1',
  Service: 'v1',
  Deployment: 'apps/v1',
  Certificate: 'cert-manager.io/v1',
} as const;

/** The whole object or patch that a step sends. Merge patches are sent as they are in the scenario. */
export function bodyOf(scenario: Scenario, step: Step): Readonly<Record<string, unknown>> {
  if (step.write === 'merge' || step.write === 'strategic') return step.body;
  return {
    apiVersion: API_VERSIONS[scenario.kind],
    kind: scenario.kind,
    ...step.body,
    metadata: { name: scenario.title, ...(step.body['metadata'] as object | undefined) },
  };
}

export type Body = Readonly<Record<string, unknown>>;
type Writer = (title: string, manager: string, body: Body) => Step;

export const write =
  (write: Step['write'], subresource?: 'status' | 'scale'): Writer =>
  (title, manager, body) => ({ title, write, manager, body, ...(subresource && { subresource }) });

export const create = write('create');
export const put = write('put');
export const merge = write('merge');
export const apply = write('apply');
export const force = write('force');
export const strategic = (title: string, body: Body): Step => write('strategic')(title, 'patcher', body);

export const data = (data: Body): Body => ({ data });
export const containers = (...containers: readonly Body[]): Body => ({ template: { spec: { containers } } });
export const podSpec = (spec: Body): Body => ({ template: { spec } });
export const deployment = (spec: Body, ...containers: readonly Body[]): Body => ({
  spec: {
    ...spec,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers } },
  },
});

export const WEB = { name: 'web', image: 'nginx:1' };
export const WEB_FULL = {
  ...WEB,
  ports: [{ containerPort: 80 }, { containerPort: 53, protocol: 'UDP' }],
  env: [{ name: 'A', value: '1' }],
  resources: { limits: { cpu: '1', memory: '1Gi' } },
  args: ['a', 'b'],
};
