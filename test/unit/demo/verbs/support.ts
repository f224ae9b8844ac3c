import { onTestFinished } from 'vitest';
import type { Clock, Random } from '../../../../demo/api/clock.ts';
import { printJson } from '../../../../demo/api/json.ts';
import type { KubeObject } from '../../../../demo/api/object.ts';
import type { Registry, ServedResource, ServedSubresource } from '../../../../demo/api/resource.ts';
import { ApiError } from '../../../../demo/api/status.ts';
import { createFieldManagement } from '../../../../demo/fields/create.ts';
import type { Schema, SchemaSource } from '../../../../demo/schema/schema.ts';
import { builtIn, definitionName } from '../../../../demo/schema/unpack.ts';
import type { HistoryBounds } from '../../../../demo/storage/history.ts';
import { createStore } from '../../../../demo/storage/memory-store.ts';
import { handleResource } from '../../../../demo/verbs/handle.ts';
import type {
  Cluster,
  Reply,
  ResourceRequest,
  User,
  WatchFrame,
} from '../../../../demo/verbs/request.ts';

/** A clock that stands still unless it is moved. */
export class TestClock implements Clock {
  #now = Date.parse('2026-01-01T00:00:00Z');
  #timers: { readonly at: number; readonly action: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(delayMs: number, action: () => void): () => void {
    const timer = { at: this.#now + delayMs, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  /** Time passes timer by timer, so that what a timer starts is also in time. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.#now = next.at;
      next.action();
    }
    this.#now = end;
  }

  get waiting(): number {
    return this.#timers.length;
  }
}

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

const ALL = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

function subresource(name: string, verbs: readonly string[]): ServedSubresource {
  return { name, verbs, kind: { group: '', version: 'v1', kind: '' } };
}

const STATUS = subresource('status', ['get', 'patch', 'update']);
const SCALE = subresource('scale', ['get', 'patch', 'update']);

function served(resource: string, kind: string, rest: Partial<ServedResource> = {}): ServedResource {
  const { group = '' } = rest;
  return {
    group,
    version: 'v1',
    resource,
    singular: kind.toLowerCase(),
    kind,
    namespaced: true,
    shortNames: [],
    categories: [],
    verbs: ALL,
    subresources: [],
    storageKey: `${group}/${resource}`,
    isCustom: false,
    definition: '',
    printerColumns: [],
    selectableFields: [],
    ...rest,
  };
}

const CLUSTER_WIDE = { namespaced: false };
const WIDGET = { group: 'example.com', isCustom: true };
const REVIEW = { group: 'authorization.k8s.io', verbs: ['create'], ...CLUSTER_WIDE };

export const RESOURCES: readonly ServedResource[] = [
  served('namespaces', 'Namespace', {
    ...CLUSTER_WIDE,
    verbs: ALL.filter((verb) => verb !== 'deletecollection'),
    subresources: [STATUS, subresource('finalize', ['update'])],
    selectableFields: ['status.phase'],
  }),
  served('pods', 'Pod', {
    subresources: [
      STATUS,
      subresource('eviction', ['create']),
      subresource('binding', ['create']),
      subresource('resize', ['patch']),
    ],
    selectableFields: ['spec.nodeName', 'spec.hostNetwork', 'status.phase'],
  }),
  served('configmaps', 'ConfigMap'),
  served('secrets', 'Secret', { selectableFields: ['type'] }),
  served('services', 'Service', { subresources: [STATUS] }),
  served('serviceaccounts', 'ServiceAccount', { subresources: [subresource('token', ['create'])] }),
  served('events', 'Event', { selectableFields: ['involvedObject.name', 'reason'] }),
  served('events', 'Event', {
    group: 'events.k8s.io',
    storageKey: '/events',
    selectableFields: ['regarding.name', 'reason'],
  }),
  served('deployments', 'Deployment', { group: 'apps', subresources: [STATUS, SCALE] }),
  served('jobs', 'Job', { group: 'batch', subresources: [STATUS], selectableFields: ['status.successful'] }),
  served('leases', 'Lease', { group: 'coordination.k8s.io' }),
  served('clusterroles', 'ClusterRole', { group: 'rbac.authorization.k8s.io', ...CLUSTER_WIDE }),
  served('poddisruptionbudgets', 'PodDisruptionBudget', { group: 'policy', subresources: [STATUS] }),
  served('widgets', 'Widget', { ...WIDGET, subresources: [STATUS, SCALE], selectableFields: ['spec.size'] }),
  served('planets', 'Planet', { ...WIDGET, ...CLUSTER_WIDE }),
  served('selfsubjectaccessreviews', 'SelfSubjectAccessReview', REVIEW),
  served('subjectaccessreviews', 'SubjectAccessReview', REVIEW),
  served('localsubjectaccessreviews', 'LocalSubjectAccessReview', { ...REVIEW, namespaced: true }),
  served('selfsubjectrulesreviews', 'SelfSubjectRulesReview', REVIEW),
  served('selfsubjectreviews', 'SelfSubjectReview', { ...REVIEW, group: 'authentication.k8s.io' }),
  served('tokenreviews', 'TokenReview', { ...REVIEW, group: 'authentication.k8s.io' }),
];

const registry: Registry = {
  resources: RESOURCES,
  groupVersions: [],
  find: (group, version, resource) =>
    RESOURCES.find((each) => each.group === group && each.version === version && each.resource === resource),
  findKind: (apiVersion, kind) =>
    RESOURCES.find((each) => each.kind === kind && (each.group === '' ? 'v1' : `${each.group}/v1`) === apiVersion),
  scalePathsOf: ({ isCustom }) =>
    isCustom
      ? {
          specReplicasPath: '.spec.replicas',
          statusReplicasPath: '.status.replicas',
          labelSelectorPath: '.status.selector',
        }
      : undefined,
};

const WIDGET_SCHEMA: Schema = {
  type: 'object',
  properties: {
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    metadata: { type: 'object' },
    spec: {
      type: 'object',
      properties: {
        replicas: { type: 'integer', default: 1 },
        size: { type: 'string', enum: ['s', 'm'] },
      },
    },
    status: {
      type: 'object',
      properties: { phase: { type: 'string' }, replicas: { type: 'integer' }, selector: { type: 'string' } },
    },
  },
};

const schemas: SchemaSource = {
  schemaOf: (of) => {
    if (of.group === 'example.com') return WIDGET_SCHEMA;
    const name = definitionName(of);
    return name === undefined ? undefined : builtIn().definitions[name];
  },
  resolve: (schema) => {
    const reference = schema.$ref ?? (schema.allOf?.length === 1 ? schema.allOf[0]?.$ref : undefined);
    return reference === undefined ? schema : (builtIn().definitions[reference.split('/').at(-1) ?? ''] ?? schema);
  },
};

export const ADMIN: User = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };

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
      const reply = await handleResource(this.cluster, requestOf(verb, call, (text) => warnings.push(text)));
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
    (each) => each.resource === call.resource && (call.group === undefined || each.group === call.group),
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
