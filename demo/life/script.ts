import type { Random } from '../api/clock.ts';
import { between, pick } from './chance.ts';
import { CRASHED, OUT_OF_MEMORY } from './containers.ts';
import type { World } from './controller.ts';
import type { Kubelet } from './controllers/kubelet.ts';
import { tellUnhealthy } from './controllers/kubelet-events.ts';
import { CONFIG_MAPS, type Deployment, DEPLOYMENTS, type Pod, PODS } from './kinds.ts';
import { isActive, isReady } from './pods.ts';
import { isSettled, nextImage, scale, setImage } from './rollouts.ts';
import { SECOND } from './time.ts';

const NAMESPACE = 'shop';
/** What is touched is the demo's own; what others create is left to them. */
const ROLLED_OUT = ['web', 'api', 'payment', 'worker'];
const PAUSE_S = [3, 9] as const;

interface Happening {
  /** How often, against the others. */
  readonly weight: number;
  readonly happen: (stage: Stage) => void;
}

interface Stage {
  readonly world: World;
  readonly kubelet: Kubelet;
  readonly random: Random;
}

const HAPPENINGS: readonly Happening[] = [
  { weight: 1, happen: rollOut },
  { weight: 3, happen: endContainer },
  { weight: 3, happen: replacePod },
  { weight: 2, happen: scaleWorkers },
  { weight: 3, happen: failProbe },
  { weight: 1, happen: changeFlag },
];

/** Makes something happen every few seconds. Answers how to end that. */
export function runScript(world: World, kubelet: Kubelet): () => void {
  const stage: Stage = { world, kubelet, random: world.random.fork('script') };
  let callOff = (): void => {};
  const plan = (): void => {
    callOff = world.clock.after(between(stage.random, ...PAUSE_S) * SECOND, () => {
      choose(stage.random).happen(stage);
      plan();
    });
  };
  plan();
  return () => callOff();
}

function choose(random: Random): Happening {
  const bag = HAPPENINGS.flatMap((happening) => Array.from({ length: happening.weight }, () => happening));
  return pick(random, bag);
}

function rollOut({ world, random }: Stage): void {
  const { metadata, spec } = pickDeployment(world, random, ROLLED_OUT) ?? {};
  const image = spec?.template.spec.containers[0]?.image;
  if (metadata !== undefined && image !== undefined)
    setImage(world, NAMESPACE, metadata.name, nextImage(image));
}

function endContainer({ world, kubelet, random }: Stage): void {
  const pod = pickPod(world, random);
  const container = pod?.spec.containers[0];
  if (pod !== undefined && container !== undefined)
    kubelet.end(pod, container.name, random.next() < 0.5 ? OUT_OF_MEMORY : CRASHED);
}

function replacePod({ world, random }: Stage): void {
  const pod = pickPod(world, random);
  if (pod !== undefined) world.objects.delete(PODS, pod);
}

function scaleWorkers({ world, random }: Stage): void {
  const worker = pickDeployment(world, random, ['worker']);
  if (worker === undefined) return;
  const replicas = worker.spec.replicas ?? 2;
  scale(world, worker, replicas <= 2 || (replicas < 5 && random.next() < 0.5) ? replicas + 1 : replicas - 1);
}

function failProbe({ world, random }: Stage): void {
  const pod = pickPod(world, random);
  const container = pod?.spec.containers.find(({ readinessProbe }) => readinessProbe !== undefined);
  if (pod !== undefined && container !== undefined) tellUnhealthy(world, pod, container);
}

function changeFlag({ world: { objects }, random }: Stage): void {
  const flags = objects.get(CONFIG_MAPS, NAMESPACE, 'feature-flags');
  if (flags === undefined) return;
  const data = { ...(flags['data'] as object), recommendations: random.next() < 0.5 ? 'on' : 'off' };
  objects.update(CONFIG_MAPS, { ...flags, data });
}

/** One of the named deployments that is not being rolled out just now. */
function pickDeployment(
  { objects }: World,
  random: Random,
  names: readonly string[],
): Deployment | undefined {
  const settled = names
    .map((name) => objects.get(DEPLOYMENTS, NAMESPACE, name))
    .filter((deployment) => deployment !== undefined)
    .filter(isSettled);
  return settled.length === 0 ? undefined : pick(random, settled);
}

function pickPod({ objects }: World, random: Random): Pod | undefined {
  const apps = new Set(ROLLED_OUT);
  const ready = objects
    .list(PODS, NAMESPACE)
    .filter((pod) => isActive(pod) && isReady(pod) && apps.has(pod.metadata.labels?.['app'] ?? ''));
  return ready.length === 0 ? undefined : pick(random, ready);
}
