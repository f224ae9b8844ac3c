import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { writeTarget } from '../reads/arms.ts';
import { startBundled, startFromSource } from '../reads/programs.ts';
import { startGateway } from '../support.ts';
import type { ApiServerCommands, ApiServerGreeting } from './api-server.ts';
import { inspect, inspectable, type Inspector } from './inspector.ts';
import { type Remote, remoteOf } from './messages.ts';
import type { NaiveGreeting } from './naive-pubsub.ts';
import { GATEWAY } from './result.ts';
import type { SubscriberCommands } from './subscribers.ts';

export interface Settings {
  /** The build that is measured. */
  readonly cli: string;
  /** Where processes may leave files. */
  readonly directory: string;
  /** Subscribers of the cases that have many, and of the others. */
  readonly many: number;
  readonly few: number;
  readonly rounds: number;
  /** How long a round of the cases lasts that have changes at an even rate. */
  readonly seconds: number;
}

/** Who serves subscriptions, in a process of its own, from a namespace of its own: what one gets, the other does not. */
export interface Arm {
  readonly name: string;
  readonly namespace: string;
  readonly url: string;
  readonly pid: number;
  /** When a subscriber of it is there. */
  readonly isThere: 'synced' | 'open';
  inspect(): Promise<Inspector>;
}

export type ApiServer = Remote<ApiServerCommands>;
export type Subscribers = Remote<SubscriberCommands>;

/** The processes of one case: none has done anything else, and all end with it. */
export class Stage {
  readonly settings: Settings;
  readonly #ends: (() => Promise<void> | void)[] = [];
  #apiServer: (ApiServer & ApiServerGreeting) | undefined;

  constructor(settings: Settings) {
    this.settings = settings;
  }

  /** The one API server of the stage. */
  async apiServer(): Promise<ApiServer & ApiServerGreeting> {
    if (this.#apiServer !== undefined) return this.#apiServer;
    const program = startFromSource(import.meta.resolve('./api-server.ts'));
    this.#ends.push(() => program.stop());
    const greeting = await program.next<ApiServerGreeting>();
    return (this.#apiServer = { ...remoteOf<ApiServerCommands>(program), ...greeting });
  }

  async gateway(): Promise<Arm> {
    const { directory, cli } = this.settings;
    const { kubeconfig } = await this.apiServer();
    const { port, args } = await inspectable();
    const gateway = await startGateway(kubeconfig, mkdtempSync(path.join(directory, 'cache-')), cli, args);
    this.#ends.push(() => gateway.stop());
    return this.#arm({ name: GATEWAY, url: gateway.url, pid: gateway.pid, isThere: 'synced' }, port);
  }

  async naive(): Promise<Arm> {
    const { directory } = this.settings;
    const { kubeconfig } = await this.apiServer();
    const { port, args } = await inspectable();
    const source = import.meta.resolve('./naive-pubsub.ts');
    const program = await startBundled(source, directory, [writeTarget(kubeconfig, directory)], args);
    this.#ends.push(() => program.stop());
    const { url } = await program.next<NaiveGreeting>();
    return this.#arm({ name: 'naive', url, pid: program.pid, isThere: 'open' }, port);
  }

  /** Clients, in another process with each call. */
  async subscribers(): Promise<Subscribers> {
    const program = await startBundled(import.meta.resolve('./subscribers.ts'), this.settings.directory, []);
    this.#ends.push(() => program.stop());
    return remoteOf<SubscriberCommands>(program);
  }

  /** Ends everything, the last that was started first. */
  async close(): Promise<void> {
    for (const end of this.#ends.splice(0).toReversed()) await end();
  }

  #arm(of: Omit<Arm, 'namespace' | 'inspect'>, port: number): Arm {
    return {
      ...of,
      namespace: `bench-${of.name}`,
      inspect: async () => {
        const inspector = await inspect(of.pid, port);
        this.#ends.push(() => inspector.close());
        return inspector;
      },
    };
  }
}
