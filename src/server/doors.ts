import type { IncomingMessage } from 'node:http';
import { Lazy } from '../util/lazy.ts';
import type { Door } from './door.ts';
import type { Gateway } from './gateway.ts';
import { LOGS_PREFIX, RAW_PREFIX, SERVICES_PREFIX } from './options.ts';

/** A door, and what its paths begin with. */
class Place {
  readonly prefixes: readonly string[];
  readonly door: Lazy<Door>;

  constructor(prefixes: readonly string[], load: () => Promise<Door>) {
    this.prefixes = prefixes;
    this.door = new Lazy(async () => forThosePresent(await load()));
  }
}

/** Whoever leaves while a door is being loaded does not close again when it is there: what it began would have no end. */
function forThosePresent(door: Door): Door {
  const unlessLeft = async ({ socket }: IncomingMessage, answer: () => Promise<void>): Promise<void> => {
    if (!socket.destroyed) await answer();
  };
  return {
    ...door,
    handle: (request, response) => unlessLeft(request, () => door.handle(request, response)),
    upgrade: (request, socket, head) => unlessLeft(request, () => door.upgrade(request, socket, head)),
  };
}

/** The ways in beside GraphQL. Each is loaded when somebody asks for it: a first answer needs none of them. */
export class Doors {
  readonly #places: readonly Place[];

  constructor(gateway: Pick<Gateway, 'report' | 'options'>) {
    this.#places = placesOf(gateway);
  }

  /** The door that a request is for; undefined where it is for none. Rejects when it cannot be loaded. */
  find({ url = '' }: IncomingMessage): Promise<Door> | undefined {
    // By its text: dot segments are for the door to refuse, not followed.
    return this.#places.find(({ prefixes }) => prefixes.some((prefix) => url.startsWith(prefix)))?.door.get();
  }

  /** Ends what goes on behind them. */
  close(): void {
    for (const { door } of this.#places) {
      door.made?.then(
        ({ close }) => close(),
        () => undefined,
      );
    }
  }
}

function placesOf({
  report,
  options: { upstream, mode, log, exec, raw, services },
}: Pick<Gateway, 'report' | 'options'>): readonly Place[] {
  const places = [
    // Where it is off, it says so.
    new Place(['/exec/', '/attach/'], async () => {
      const { createExecDoor } = await import('./exec/exec-door.ts');
      return createExecDoor({ upstream: exec, mode, log, report });
    }),
    new Place([LOGS_PREFIX], async () => {
      const { createLogDoor } = await import('./logs/log-door.ts');
      return createLogDoor({ upstream, mode, report });
    }),
  ];
  if (raw !== undefined) {
    places.push(
      new Place([RAW_PREFIX], async () => {
        const { createRawDoor } = await import('./proxy/raw-door.ts');
        return createRawDoor({ upstream: raw, mode, report });
      }),
    );
  }
  if (services !== undefined) {
    places.push(
      new Place([SERVICES_PREFIX], async () => {
        const { createServicesDoor } = await import('./services/services-door.ts');
        return createServicesDoor({ upstream: services, mode, report });
      }),
    );
  }
  return places;
}
