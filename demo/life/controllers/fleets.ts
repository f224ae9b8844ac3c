import { between } from '../chance.ts';
import { withCondition } from '../conditions.ts';
import { type Controller, itself, type World } from '../controller.ts';
import { type Condition, type Fleet, FLEETS } from '../kinds.ts';
import { isBeingDeleted, splitKey } from '../objects.ts';
import { MINUTE, SECOND, timestamp } from '../time.ts';

const FROM = 'fleet-controller';

/** What follows on a phase, after how many seconds. A fleet that is new or has been changed begins at the beginning. */
const COURSE = {
  Pending: { next: 'Loading', after: [1, 2] },
  Loading: { next: 'Sailing', after: [2, 4] },
  Sailing: { next: 'InPort', after: [20, 50] },
  InPort: { next: 'Loading', after: [15, 40] },
} as const satisfies Readonly<Record<string, { next: string; after: readonly [number, number] }>>;

type Phase = keyof typeof COURSE;

const READY: ReadonlySet<string> = new Set<Phase>(['Sailing', 'InPort']);

/** Moves fleets as an operator would: step by step, reporting conditions and the generation it has seen. */
export function createFleets(world: World): Controller {
  const { objects, clock } = world;
  const random = world.random.fork('fleets');
  /** When each goes on, by key. */
  const due = new Map<string, { readonly generation: number; readonly at: number }>();

  /** What was planned before the present began is not made up for: the fleet sails on. */
  const planOf = (key: string): { readonly generation: number; readonly at: number } | undefined => {
    const plan = due.get(key);
    return plan !== undefined && clock.now() - plan.at > MINUTE ? undefined : plan;
  };

  return {
    name: 'fleets',
    watches: [itself(FLEETS)],
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const fleet = objects.get(FLEETS, namespace, name);
      if (fleet === undefined || isBeingDeleted(fleet)) {
        due.delete(key);
        return undefined;
      }
      const generation = fleet.metadata.generation ?? 1;
      const isNew = fleet.status?.['observedGeneration'] !== generation;
      const phase = phaseOf(fleet);
      // Under way there is nothing to do by itself; loading ends also when all else is still, or past.
      if (!isNew && READY.has(phase) && (world.isStill() || world.agoMs() > 0)) return undefined;
      const plan = planOf(key);
      if (!isNew && plan !== undefined && plan.at > clock.now()) return plan.at - clock.now();
      const next = isNew ? 'Pending' : plan === undefined ? phase : COURSE[phase].next;
      if (next !== phase || isNew) enter(world, fleet, next);
      const [shortest, longest] = COURSE[next].after;
      const at = clock.now() + between(random, shortest, longest) * SECOND;
      due.set(key, { generation, at });
      return at - clock.now();
    },
  };
}

function phaseOf({ status }: Fleet): Phase {
  const phase = status?.phase ?? '';
  return phase in COURSE ? (phase as Phase) : 'Pending'; // One of its keys, as just asked.
}

function enter(world: World, fleet: Fleet, phase: Phase): void {
  const generation = fleet.metadata.generation ?? 1;
  const { ships = 1, routes = [], captain = '' } = fleet.spec;
  const isReady = READY.has(phase);
  const before = fleet.status ?? {};
  const route =
    routes[
      (routes.findIndex(({ name }) => name === before['currentRoute']) + 1) % Math.max(1, routes.length)
    ];
  const currentRoute = phase === 'Sailing' ? route?.name : before['currentRoute'];
  world.objects.setStatus(FLEETS, fleet, {
    conditions: conditionsOf(world, fleet, phase),
    ...(currentRoute === undefined ? {} : { currentRoute }),
    observedGeneration: generation,
    phase,
    selector: `demo.kubegraph.dev/fleet=${fleet.metadata.name}`,
    ships: isReady ? ships : Math.min(ships, before.ships ?? 0),
  });
  const where = phase === 'Sailing' && route !== undefined ? ` from ${route.from} to ${route.to}` : '';
  world.events.tell(fleet, {
    reason: phase,
    message: `Captain ${captain}: ${ships} ships ${MESSAGES[phase]}${where}`,
    from: FROM,
  });
}

const MESSAGES: Readonly<Record<Phase, string>> = {
  Pending: 'are called together',
  Loading: 'take cargo on board',
  Sailing: 'sail',
  InPort: 'are in port',
};

function conditionsOf({ clock }: World, { metadata, status }: Fleet, phase: Phase): readonly Condition[] {
  const isReady = READY.has(phase);
  const common = { lastTransitionTime: timestamp(clock.now()), observedGeneration: metadata.generation ?? 1 };
  const ready = isReady
    ? { message: 'All ships are manned', reason: 'AllShipsReady', status: 'True' }
    : {
        message: `The fleet is ${phase === 'Pending' ? 'pending' : 'loading'}`,
        reason: 'ShipsNotReady',
        status: 'False',
      };
  const moving = {
    message: `The fleet is in phase ${phase}`,
    reason: phase,
    status: phase === 'Sailing' ? 'True' : 'False',
  };
  return withCondition(withCondition(status?.conditions, { ...common, ...ready, type: 'Ready' }), {
    ...common,
    ...moving,
    type: 'Sailing',
  });
}
