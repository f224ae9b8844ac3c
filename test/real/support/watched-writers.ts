import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../demo/api/clock.ts';
import type { Cluster } from '../../cluster/cluster.ts';
import { NAMESPACES, TIERS } from './watched-scopes.ts';

/** In each namespace. */
const NAMES = 8;
/** One in so many writes is a process of kubectl; the others go through `kubectl proxy`, or they would take minutes. */
const KUBECTL_EVERY = 40;
/** What `kubectl proxy` answers when nobody listens, and how long a client waits then. */
const BAD_GATEWAY = 502;
const AWAY_MS = 200;

interface Target {
  readonly resource: 'configmaps' | 'pods';
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface WritersOptions {
  readonly cluster: Pick<Cluster, 'kubectl'>;
  /** Where `kubectl proxy` serves it. */
  readonly proxyUrl: string;
  readonly random: Random;
}

/** Clients that create, update, patch and delete as kubectl does. */
export class Writers {
  readonly #options: WritersOptions;
  #count = 0;

  constructor(options: WritersOptions) {
    this.#options = options;
  }

  /** Several clients write at once until `isEnough`. What cannot be written, because of the others or of the server, is not. */
  async write(isEnough: () => boolean): Promise<void> {
    await Promise.all(
      ['first', 'second', 'third', 'fourth'].map(async (name) => {
        const random = this.#options.random.fork(`${name} ${this.#count}`);
        while (!isEnough()) await this.#writeOne(random);
      }),
    );
  }

  /** Makes sure that there is something in each scope whose last event is no deletion. */
  async writeLast(): Promise<void> {
    const last = [
      { resource: 'configmaps', namespace: NAMESPACES[0], name: 'object-3', labels: this.#labels('gold') },
      { resource: 'configmaps', namespace: NAMESPACES[1], name: 'object-1', labels: this.#labels('bronze') },
      { resource: 'pods', namespace: NAMESPACES[2], name: 'last', labels: this.#labels('silver') },
    ] as const;
    for (const target of last) {
      await this.#send('POST', target);
      await this.#send('PATCH', target);
    }
  }

  async #writeOne(random: Random): Promise<void> {
    const pick = <T>(values: readonly T[]): T => values[Math.floor(random.next() * values.length)] as T;
    const tier = pick([...TIERS, undefined]);
    const target: Target = {
      resource: random.next() < 0.15 ? 'pods' : 'configmaps',
      namespace: pick(NAMESPACES),
      name: `object-${Math.floor(random.next() * NAMES)}`,
      labels: this.#labels(tier),
    };
    if (this.#count % KUBECTL_EVERY === 0) await this.#runKubectl(target);
    else await this.#send(pick(['POST', 'PUT', 'PATCH', 'PATCH', 'DELETE']), target);
  }

  #labels(tier: string | undefined): Readonly<Record<string, string>> {
    return { count: `${++this.#count}`, ...(tier === undefined ? {} : { tier }) };
  }

  async #runKubectl({ resource, namespace, name, labels }: Target): Promise<void> {
    const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    const args = ['label', '--overwrite', '-n', namespace, resource, name, ...pairs];
    // It may not be there.
    await this.#options.cluster.kubectl(args).catch(() => undefined);
  }

  async #send(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', target: Target): Promise<void> {
    const { resource, namespace, name, labels } = target;
    const collection = `${this.#options.proxyUrl}/api/v1/namespaces/${namespace}/${resource}`;
    const isPatch = method === 'PATCH';
    const patch = { metadata: { labels: { tier: null, ...labels } } };
    const body = isPatch ? patch : method === 'DELETE' ? { gracePeriodSeconds: 0 } : objectOf(target);
    try {
      const answer = await fetch(method === 'POST' ? collection : `${collection}/${name}`, {
        method,
        headers: { 'content-type': isPatch ? 'application/merge-patch+json' : 'application/json' },
        body: JSON.stringify(body),
      });
      await answer.arrayBuffer();
      // The server is away.
      if (answer.status === BAD_GATEWAY) await sleep(AWAY_MS);
    } catch {
      // The proxy has lost the server in the middle of it.
    }
  }
}

function objectOf({ resource, name, labels }: Target): object {
  const metadata = { name, labels };
  if (resource === 'configmaps') return { apiVersion: 'v1', kind: 'ConfigMap', metadata };
  const spec = { containers: [{ name: 'app', image: 'images.example/app:1' }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec };
}
