import { onTestFinished } from 'vitest';
import { KUBECONFIG_IDENTITY } from '../../../../src/cluster/identity.ts';
import { ContainerLog, type ContainerLogOptions } from '../../../../src/logs/container-log.ts';
import type { LogLine } from '../../../../src/logs/log-line.ts';
import type { Clock } from '../../../../src/util/clock.ts';
import { FakeNodes } from './fake-nodes.ts';

/** Time that is over as soon as somebody waits for it. */
const IMPATIENT_CLOCK: Clock = {
  now: () => 0,
  schedule: (_, action) => {
    const turn = setImmediate(action);
    return () => clearImmediate(turn);
  },
};

/** Reads the log `p/c` to its end, or until the test stops it. */
export class LogReader {
  readonly nodes = new FakeNodes();
  readonly file = this.nodes.log('p', 'c');
  readonly log: ContainerLog;
  /** What has been taken. */
  readonly lines: LogLine[] = [];
  isRunning = true;
  #changed: () => void = () => {};

  constructor(options: Partial<ContainerLogOptions> = {}) {
    this.log = new ContainerLog({
      upstream: this.nodes,
      identity: KUBECONFIG_IDENTITY,
      clock: IMPATIENT_CLOCK,
      random: () => 0,
      place: { namespace: 'a', pod: 'p', container: 'c' },
      range: {},
      position: undefined,
      follow: true,
      givesUp: true,
      hasMissedRun: false,
      isRunning: () => this.isRunning,
      onChange: () => this.#changed(),
      onCut: () => {},
      ...options,
    });
    onTestFinished(() => this.log.close());
  }

  get texts(): readonly string[] {
    return this.lines.map(({ text }) => text.toString());
  }

  /** Takes lines until there are so many, or it is at rest. */
  async take(count = Infinity): Promise<readonly string[]> {
    while (this.lines.length < count) {
      const line = this.log.take();
      if (line !== undefined) this.lines.push(line);
      else if (this.log.isAtRest) return this.texts;
      else await this.change();
    }
    return this.texts;
  }

  /** The next time that something has changed. */
  change(): Promise<void> {
    return new Promise((resolve) => (this.#changed = resolve));
  }

  /** The container ends for good. */
  end(): void {
    this.isRunning = false;
    this.file.end();
  }
}
