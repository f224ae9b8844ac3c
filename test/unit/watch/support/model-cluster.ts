import type { Upstream, UpstreamAnswer, UpstreamRequest } from '../../../../src/cluster/upstream.ts';
import { FakeCall } from './fake-upstream.ts';
import { ModelStream } from './model-stream.ts';
import { added, errorFrame, frame, GONE, listPage, objectJson, status } from './objects.ts';
import type { Random } from './random.ts';

interface ModelObject {
  readonly name: string;
  readonly uid: string;
  readonly version: number;
}

interface LogEntry {
  readonly version: number;
  readonly frame: string;
}

interface ModelPages {
  readonly version: number;
  readonly items: readonly string[];
}

const PAGE_SIZE = 5;
const NAMES = Array.from({ length: 20 }, (_, index) => `object-${index}`);

/** An API server in memory with one collection of ConfigMaps, and as many faults as `random` has for it. */
export class ModelCluster implements Upstream {
  readonly objects = new Map<string, ModelObject>();
  readonly calls: FakeCall[] = [];
  areFaultsOn = true;
  readonly #random: Random;
  readonly #streamingLists: 'supported' | 'refused' | 'ignored';
  readonly #log: LogEntry[] = [];
  readonly #pages = new Map<string, ModelPages>();
  #streams: ModelStream[] = [];
  #version = 100;
  /** Positions before this one are forgotten. */
  #compactedTo = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#streamingLists = random.pick(['supported', 'supported', 'refused', 'ignored']);
    // One object stays, so that no snapshot is empty.
    this.#put('permanent', 'ADDED', 'uid-permanent');
  }

  get openCalls(): number {
    return this.calls.filter((call) => call.isOpen).length;
  }

  /** Creates, updates, deletes or replaces an object. */
  mutate(): void {
    const name = this.#random.pick(NAMES);
    const existing = this.objects.get(name);
    if (existing === undefined) this.#put(name, 'ADDED', `uid-${name}-${this.#version}`);
    else if (this.#random.chance(0.6)) this.#put(name, 'MODIFIED', existing.uid);
    else {
      this.#delete(existing);
      if (this.#random.chance(0.5)) this.#put(name, 'ADDED', `uid-${name}-${this.#version}`);
    }
  }

  /** Lets something happen to one of the open watches. */
  disturb(): void {
    this.#streams = this.#streams.filter((stream) => stream.isAlive);
    if (this.#streams.length === 0) return;
    const latest = this.#log.slice(-1 - this.#random.below(5)).map((entry) => entry.frame);
    this.#random.pick(this.#streams).suffer(this.#version, latest);
  }

  /** Forgets positions, at times all but the latest one. */
  compact(): void {
    this.#compactedTo = this.#version - this.#random.below(10);
  }

  completeLists(): void {
    for (const stream of this.#streams) stream.completeList(this.#version);
  }

  send(request: UpstreamRequest): Promise<UpstreamAnswer> {
    const call = new FakeCall(request);
    this.calls.push(call);
    if (this.areFaultsOn && this.#random.chance(0.2)) this.#refuse(call);
    else if (request.method === 'POST') call.reply(201, { status: { allowed: true } });
    else if (request.query?.['watch'] === undefined) this.#list(call);
    else if (request.query['sendInitialEvents'] === 'true') this.#streamList(call);
    else this.#watch(call, Number(request.query['resourceVersion']));
    return call.answered;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #put(name: string, type: 'ADDED' | 'MODIFIED', uid: string): void {
    const version = this.#nextVersion();
    this.objects.set(name, { name, uid, version });
    this.#publish(version, frame(type, objectJson(name, version, { uid })));
  }

  #delete({ name, uid }: ModelObject): void {
    const version = this.#nextVersion();
    this.objects.delete(name);
    this.#publish(version, frame('DELETED', objectJson(name, version, { uid })));
  }

  /** Versions have holes, as other resources use some. */
  #nextVersion(): number {
    this.#version += 1 + this.#random.below(3);
    return this.#version;
  }

  #publish(version: number, text: string): void {
    this.#log.push({ version, frame: text });
    for (const stream of this.#streams) stream.publish(text);
  }

  #refuse(call: FakeCall): void {
    this.#random.pick([
      () => call.refuse(),
      () => call.reply(500, status(500, '')),
      () => call.reply(503, 'service unavailable', { contentType: 'text/plain' }),
      () => call.reply(429, 'Too many requests', { contentType: 'text/plain', retryAfter: '2' }),
      () => call.reply(410, status(410, 'Expired')),
      () => call.open().end(),
    ])();
  }

  #list(call: FakeCall): void {
    const token = call.request.query?.['continue'];
    const [id, start] = token === undefined ? [this.#beginList(), 0] : splitToken(token);
    const pages = this.#pages.get(id);
    if (pages === undefined || (this.areFaultsOn && token !== undefined && this.#random.chance(0.1))) {
      call.reply(410, status(410, 'Expired'));
      return;
    }
    const end = start + PAGE_SIZE;
    const items = pages.items.slice(start, end);
    call.reply(200, listPage(pages.version, items, end < pages.items.length ? `${id}/${end}` : undefined));
  }

  #beginList(): string {
    const id = String(this.#pages.size);
    this.#pages.set(id, { version: this.#version, items: this.#random.shuffled(this.#items()) });
    return id;
  }

  #streamList(call: FakeCall): void {
    if (this.#streamingLists === 'refused') {
      call.reply(422, status(422, 'Invalid'));
      return;
    }
    const frames = this.#random
      .shuffled([...this.objects.values()])
      .map(({ name, version, uid }) => added(name, version, { uid }));
    const isEnding = this.#streamingLists === 'supported';
    this.#streams.push(ModelStream[isEnding ? 'list' : 'watch'](call.open(), this.#random, frames));
  }

  #watch(call: FakeCall, position: number): void {
    if (position > this.#version) {
      call.reply(200, errorFrame(504, 'Timeout', { causes: [{ reason: 'ResourceVersionTooLarge' }] }));
    } else if (position < this.#compactedTo) {
      if (this.#random.chance(0.3)) call.reply(410, status(410, 'Expired'));
      else call.reply(200, GONE);
    } else {
      const missed = this.#log.filter((entry) => entry.version > position);
      const frames = missed.map((entry) => entry.frame);
      this.#streams.push(ModelStream.watch(call.open(), this.#random, frames));
    }
  }

  #items(): string[] {
    return Array.from(this.objects.values(), ({ name, version, uid }) => objectJson(name, version, { uid }));
  }
}

function splitToken(token: string): [string, number] {
  const [id = '', start] = token.split('/');
  return [id, Number(start)];
}
