import type { Gateway } from '../gateway.ts';
import type { ProxyDoor } from './door.ts';

/** A door that is made when somebody comes: its regular expressions take longer to load than a first answer may. */
export interface LazyDoor {
  readonly load: () => Promise<ProxyDoor>;
  readonly close: () => void;
}

/** Undefined where the API server's own surface is not served. */
export function lazyRawDoor(gateway: Pick<Gateway, 'report' | 'options'>): LazyDoor | undefined {
  const { raw } = gateway.options;
  if (raw === undefined) return undefined;
  let door: Promise<ProxyDoor> | undefined;
  const forget = (error: unknown): never => {
    door = undefined;
    throw error;
  };
  return {
    load: () => {
      door ??= import('./raw-door.ts').then(({ createRawDoor }) => createRawDoor(raw, gateway)).catch(forget);
      return door;
    },
    close: () => void door?.then(({ close }) => close()),
  };
}
