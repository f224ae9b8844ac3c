import type { KubeObject } from '../../api/object.ts';
import { between } from '../chance.ts';
import { withCondition } from '../conditions.ts';
import { type Controller, itself, type World } from '../controller.ts';
import { type Autoscaler, AUTOSCALERS, type Condition, DEPLOYMENTS, type Resource } from '../kinds.ts';
import { isBeingDeleted, splitKey } from '../objects.ts';
import { HOUR, MINUTE, SECOND, timestamp } from '../time.ts';

const FROM = 'horizontal-pod-autoscaler';
const PERIOD_MS = 15 * SECOND;
/** The real one does nothing while the load is within this part of the target. */
const TOLERANCE = 0.1;
/** It scales down only after so long a time without need. */
const COOL_DOWN_MS = 2 * MINUTE;

interface Scalable extends KubeObject {
  readonly spec: { readonly replicas?: number };
}

/** Scales what autoscalers point at, by a load that comes and goes in waves. */
export function createAutoscalers(world: World): Controller {
  const { objects } = world;
  const load = loadCurve(world);
  const neededAt = new Map<string, number>();

  return {
    name: 'autoscalers',
    watches: [itself(AUTOSCALERS)],
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const scaler = objects.get(AUTOSCALERS, namespace, name);
      if (scaler === undefined || isBeingDeleted(scaler)) {
        neededAt.delete(key);
        return undefined;
      }
      if (world.agoMs() > 0) return undefined;
      const target = targetOf(world, scaler);
      if (target === undefined) {
        fail(world, scaler);
        return PERIOD_MS;
      }
      const current = target.object.spec.replicas ?? 1;
      if (world.isStill() && scaler.status?.currentReplicas === current && isWithin(scaler, current))
        return PERIOD_MS;
      const goal = scaler.spec.metrics?.[0]?.resource?.target.averageUtilization ?? 80;
      const usage = current === 0 ? 0 : world.isStill() ? goal : Math.round((goal * load(key)) / current);
      const desired = current === 0 ? NOTHING : decide(scaler, current, usage / goal);
      const now = world.clock.now();
      if (desired.replicas >= current) neededAt.set(key, now);
      const isTooSoon = desired.replicas < current && now - (neededAt.get(key) ?? 0) < COOL_DOWN_MS;
      const replicas = isTooSoon ? current : desired.replicas;
      if (replicas !== current) rescale(world, scaler, target, { replicas, isMore: replicas > current });
      writeStatus(world, scaler, { current, replicas, usage, limit: desired.limit, isTooSoon });
      return PERIOD_MS;
    },
  };
}

/** How many pods the load would keep at their target: waves of some minutes and of an hour, and a little noise. */
function loadCurve({ clock, random }: World): (key: string) => number {
  return (key) => {
    const phase = random.fork(`load ${key}`).next() * HOUR;
    const at = clock.now() + phase;
    const noise = between(random.fork(`load ${key} ${Math.floor(at / PERIOD_MS)}`), -0.15, 0.15);
    return (
      3.4 +
      1.4 * Math.sin((2 * Math.PI * at) / (7 * MINUTE)) +
      0.8 * Math.sin((2 * Math.PI * at) / HOUR) +
      noise
    );
  };
}

interface Target {
  readonly resource: Resource<Scalable>;
  readonly object: Scalable;
}

function targetOf({ objects, owners }: World, { metadata, spec }: Autoscaler): Target | undefined {
  const { apiVersion, kind, name } = spec.scaleTargetRef;
  const found = kind === 'Deployment' ? DEPLOYMENTS : owners.resourceOf(apiVersion, kind);
  // Kinds that can be scaled have their number of replicas here; others are left alone below.
  const resource = found as Resource<Scalable> | undefined;
  const object = resource && objects.get(resource, metadata.namespace, name);
  return resource === undefined || typeof object?.spec.replicas !== 'number'
    ? undefined
    : { resource, object };
}

interface Decision {
  readonly replicas: number;
  /** Which bound, if any, stood in the way. */
  readonly limit: 'min' | 'max' | undefined;
}

function isWithin({ spec }: Autoscaler, replicas: number): boolean {
  return replicas >= (spec.minReplicas ?? 1) && replicas <= spec.maxReplicas;
}

const NOTHING: Decision = { replicas: 0, limit: undefined };

function decide({ spec }: Autoscaler, current: number, ratio: number): Decision {
  const wanted = Math.abs(ratio - 1) <= TOLERANCE ? current : Math.ceil(current * ratio);
  const [low, high] = [spec.minReplicas ?? 1, spec.maxReplicas];
  if (wanted < low) return { replicas: low, limit: 'min' };
  return wanted > high ? { replicas: high, limit: 'max' } : { replicas: wanted, limit: undefined };
}

function rescale(
  world: World,
  scaler: Autoscaler,
  { resource, object }: Target,
  { replicas, isMore }: { readonly replicas: number; readonly isMore: boolean },
): void {
  world.objects.update(resource, { ...object, spec: { ...object.spec, replicas } });
  const why = isMore
    ? 'cpu resource utilization (percentage of request) above target'
    : 'All metrics below target';
  world.events.tell(scaler, {
    reason: 'SuccessfulRescale',
    message: `New size: ${replicas}; reason: ${why}`,
    from: FROM,
  });
}

function fail(world: World, scaler: Autoscaler): void {
  const { apiVersion, kind, name } = scaler.spec.scaleTargetRef;
  const [group, version] = apiVersion.split('/');
  const resource = `${kind.toLowerCase()}s${version === undefined ? '' : `.${group}`}`;
  const message = `the HPA controller was unable to get the target's current scale: ${resource} "${name}" not found`;
  const conditions = noted(world, scaler, [['AbleToScale', 'False', 'FailedGetScale', message]]);
  world.objects.setStatus(AUTOSCALERS, scaler, {
    ...scaler.status,
    desiredReplicas: scaler.status?.desiredReplicas ?? 0,
    currentMetrics: null,
    conditions,
  });
}

interface Outcome {
  readonly current: number;
  readonly replicas: number;
  readonly usage: number;
  readonly limit: Decision['limit'];
  readonly isTooSoon: boolean;
}

function writeStatus(
  world: World,
  scaler: Autoscaler,
  { current, replicas, usage, limit, isTooSoon }: Outcome,
): void {
  const able: News = isTooSoon
    ? [
        'AbleToScale',
        'True',
        'ScaleDownStabilized',
        'recent recommendations were higher than current one, applying the highest recent recommendation',
      ]
    : replicas === current
      ? ['AbleToScale', 'True', 'ReadyForNewScale', 'recommended size matches current size']
      : [
          'AbleToScale',
          'True',
          'SucceededRescale',
          `the HPA controller was able to update the target scale to ${replicas}`,
        ];
  const conditions = noted(world, scaler, [
    able,
    [
      'ScalingActive',
      'True',
      'ValidMetricFound',
      'the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)',
    ],
    LIMITED[limit ?? 'none'],
  ]);
  const rescaled = replicas === current ? scaler.status?.lastScaleTime : timestamp(world.clock.now());
  world.objects.setStatus(AUTOSCALERS, scaler, {
    ...(rescaled === undefined ? {} : { lastScaleTime: rescaled }),
    currentReplicas: current,
    desiredReplicas: replicas,
    currentMetrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', current: { averageValue: `${usage * 2}m`, averageUtilization: usage } },
      },
    ],
    conditions,
  });
}

type News = readonly [type: string, status: string, reason: string, message: string];

const LIMITED: Readonly<Record<'min' | 'max' | 'none', News>> = {
  min: [
    'ScalingLimited',
    'True',
    'TooFewReplicas',
    'the desired replica count is less than the minimum replica count',
  ],
  max: [
    'ScalingLimited',
    'True',
    'TooManyReplicas',
    'the desired replica count is more than the maximum replica count',
  ],
  none: ['ScalingLimited', 'False', 'DesiredWithinRange', 'the desired count is within the acceptable range'],
};

function noted({ clock }: World, { status }: Autoscaler, news: readonly News[]): readonly Condition[] {
  const lastTransitionTime = timestamp(clock.now());
  return news.reduce<readonly Condition[]>(
    (all, [type, state, reason, message]) =>
      withCondition(all, { type, status: state, lastTransitionTime, reason, message }),
    status?.conditions ?? [],
  );
}
