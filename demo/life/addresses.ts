/** Hands out IPv4 addresses of a /16 and takes them back. */
export class Addresses {
  readonly #prefix: string;
  readonly #taken = new Set<string>();
  #last = 1;

  /** @param prefix the first two numbers: `10.244` */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** The next free address. @throws RangeError when there is none left. */
  take(): string {
    for (let tries = 0; tries < SIZE; tries++) {
      this.#last = (this.#last + 1) % SIZE;
      const address = `${this.#prefix}.${this.#last >> 8}.${this.#last & 255}`;
      const isHost = (this.#last & 255) !== 0 && (this.#last & 255) !== 255;
      if (isHost && !this.#taken.has(address)) {
        this.#taken.add(address);
        return address;
      }
    }
    throw new RangeError(`no address left in ${this.#prefix}.0.0/16`);
  }

  giveBack(address: string | undefined): void {
    if (address !== undefined) this.#taken.delete(address);
  }
}

const SIZE = 65_536;
