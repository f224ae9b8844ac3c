import { onTestFinished } from 'vitest';
import type { Random } from '../../../../demo/api/clock.ts';
import { printJson } from '../../../../demo/api/json.ts';
import type { KubeObject } from '../../../../demo/api/object.ts';
import { ApiError } from '../../../../demo/api/status.ts';
import { createFieldManagement } from '../../../../demo/fields/create.ts';
import type { HistoryBounds } from '../../../../demo/storage/history.ts';
import { createStore } from '../../../../demo/storage/memory-store.ts';
import { handleResource } from '../../../../demo/verbs/handle.ts';
import { TestClock } from '../support/test-clock.ts';
import { registry, RESOURCES, schemas } from './resources.ts';
import type { Cluster, Reply, ResourceRequest, User, WatchFrame } from '../../../../demo/verbs/request.ts';

function testRandom(seed = 1): Random {
  let state = seed;
  return {
    next: () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    },
    fork: (name) => testRandom(seed + name.length),
  };
}

const ADMIN: User = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };

export interface Answer {
  readonly status: number;
  /** The object, the Status, or for lists the items and metadata. */
  readonly body: Body;
  readonly warnings: readonly string[];
}

/** Any answer: tests look at members by name. */
export interface Body {
  readonly [key: string]: Body;
}

export interface Call {
  readonly resource: string;
  /** Default `demo` for namespaced resources; null for all namespaces. */
  readonly namespace?: string | null;
  readonly name?: string;
  readonly subresource?: string;
  readonly query?: string;
  /** Objects are written as JSON. */
  readonly body?: unknown;
  readonly contentType?: string;
  readonly group?: string;
  /** Default: the first that is served. */
  readonly version?: string;
}

/** A cluster without anything but the namespace `demo`, and a client of it. */
export class TestApi {
  readonly clock = new TestClock();
  readonly cluster: Cluster;
  readonly issued: string[] = [];

  constructor(history?: HistoryBounds) {
    const { clock } = this;
    this.cluster = {
      store: createStore({ clock, ...(history === undefined ? {} : { history }) }),
      registry,
      schemas,
      fields: createFieldManagement(),
      clock,
      random: testRandom(),
      access: {
        authorize: (user, attributes) => ({ allowed: user.name === 'admin' && attributes.verb !== 'never' }),
        rulesOf: () => ({
          resourceRules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }],
          nonResourceRules: [],
        }),
        authenticate: (token) => (token === 'admin-token' ? ADMIN : undefined),
        issueServiceAccountToken: (namespace, name) => {
          const token = `token-of-${namespace}-${name}`;
          this.issued.push(token);
          return token;
        },
      },
    };
    this.cluster.store.insert('/namespaces', namespaceNamed('demo'));
  }

  get(call: Call): Promise<Answer> {
    return this.send('get', call);
  }

  list(call: Call): Promise<Answer> {
    return this.send('list', call);
  }

  create(call: Call): Promise<Answer> {
    return this.send('create', call);
  }

  update(call: Call): Promise<Answer> {
    return this.send('update', call);
  }

  /** @param contentType `merge`, `json`, `strategic`, `apply`, or a whole media type */
  patch(contentType: string, call: Call): Promise<Answer> {
    return this.send('patch', { ...call, contentType: PATCH_TYPES[contentType] ?? contentType });
  }

  delete(call: Call): Promise<Answer> {
    return this.send('delete', call);
  }

  deleteCollection(call: Call): Promise<Answer> {
    return this.send('deletecollection', call);
  }

  async send(verb: ResourceRequest['verb'], call: Call): Promise<Answer> {
    const warnings: string[] = [];
    try {
      const reply = await handleResource(
        this.cluster,
        requestOf(verb, call, (text) => warnings.push(text)),
      );
      return { ...answerOf(reply), warnings };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return { status: error.code, body: error.toStatus() as unknown as Body, warnings };
    }
  }

  /** Starts a watch; ends with the test. @throws ApiError for what the server refuses before it starts */
  async watch(call: Call): Promise<TestWatch> {
    const end = new AbortController();
    onTestFinished(() => end.abort());
    const request = requestOf('watch', call, () => undefined, end.signal);
    const reply = await handleResource(this.cluster, request);
    if (reply.kind !== 'watch') throw new Error(`a watch was answered with ${reply.kind}`);
    return new TestWatch(reply.events, end);
  }
}

/** A running watch, read frame by frame. */
export class TestWatch {
  readonly #frames: AsyncIterator<WatchFrame>;
  readonly #end: AbortController;

  constructor(frames: AsyncIterable<WatchFrame>, end: AbortController) {
    this.#frames = frames[Symbol.asyncIterator]();
    this.#end = end;
  }

  /** The next `count` frames, as `TYPE name@resourceVersion`. */
  async next(count = 1): Promise<readonly string[]> {
    const frames: string[] = [];
    for (let taken = 0; taken < count; taken++) {
      const frame = await this.frame();
      if (frame === undefined) return [...frames, 'END'];
      const { metadata } = frame.object as unknown as KubeObject;
      frames.push(`${frame.type} ${metadata.name ?? ''}@${metadata.resourceVersion ?? ''}`);
    }
    return frames;
  }

  async frame(): Promise<{ readonly type: string; readonly object: Body } | undefined> {
    const { done, value } = await this.#frames.next();
    return done === true ? undefined : (value as { readonly type: string; readonly object: Body });
  }

  abort(): void {
    this.#end.abort();
  }
}

const PATCH_TYPES: Readonly<Record<string, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

function requestOf(
  verb: ResourceRequest['verb'],
  call: Call,
  warn: (text: string) => void,
  signal: AbortSignal = new AbortController().signal,
): ResourceRequest {
  const resource = RESOURCES.find(
    (each) =>
      each.resource === call.resource &&
      (call.group === undefined || each.group === call.group) &&
      (call.version === undefined || each.version === call.version),
  );
  if (resource === undefined) throw new Error(`no resource ${call.resource}`);
  const namespace = call.namespace === undefined ? 'demo' : call.namespace;
  const { body = '' } = call;
  return {
    verb,
    resource,
    subresource: call.subresource,
    namespace: resource.namespaced && namespace !== null ? namespace : undefined,
    name: call.name ?? '',
    query: new URLSearchParams(call.query),
    contentType: call.contentType ?? 'application/json',
    body: Buffer.from(typeof body === 'string' ? body : printJson(body)),
    user: ADMIN,
    userAgent: 'tester',
    signal,
    warn,
  };
}

function answerOf(reply: Reply): Omit<Answer, 'warnings'> {
  switch (reply.kind) {
    case 'object':
    case 'status':
      return { status: reply.status, body: reply.object as unknown as Body };
    case 'list':
      return { status: 200, body: { items: reply.objects, metadata: reply.metadata } as unknown as Body };
    case 'watch':
      throw new Error('use TestApi.watch');
  }
}

function namespaceNamed(name: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, uid: `uid-of-${name}` },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}

export function names(answer: Answer): readonly string[] {
  return (answer.body['items'] as unknown as readonly KubeObject[]).map(({ metadata }) => metadata.name);
}

/** What a refusal says: code, reason and message. */
export function refusal({ status, body }: Answer): readonly unknown[] {
  return [status, body['reason'], body['message']];
}

/** A member of an answer that is a text. */
export function textOf(value: Body | undefined): string {
  if (typeof value !== 'string') throw new Error('there is no text here');
  return value;
}
