import { createHash } from 'node:crypto';
import type { Upstream, UpstreamAnswer, UpstreamRequest } from '../../../../src/cluster/upstream.ts';
import { KubegraphError } from '../../../../src/errors/kubegraph-error.ts';
import { STANDARD_CLUSTER } from '../../support/standard-cluster.ts';
import { AGGREGATED_TYPE, aggregatedList } from '../../support/stub-discovery.ts';
import { StubOpenApi } from '../../support/stub-openapi.ts';
import { statusReply, type StubReply } from '../../support/stub-reply.ts';
import type { StubGroupVersion } from '../../support/stub-resources.ts';
import { FakeBody } from '../../watch/support/fake-body.ts';

/** One watch on definitions or API services, written by the test. */
export interface MemoryWatch {
  readonly request: UpstreamRequest;
  readonly body: FakeBody;
}

const WATCHED =
  /^\/apis\/(?:apiextensions\.k8s\.io\/v1\/customresourcedefinitions|apiregistration\.k8s\.io\/v1\/apiservices)$/;

/** What a catalogue asks an API server for, answered without a network: time passes only where the test says so. */
export class ApiInMemory implements Upstream {
  cluster: readonly StubGroupVersion[] = STANDARD_CLUSTER;
  readonly openApi = new StubOpenApi();
  /** What it answers to whoever wants to watch, by the collection's last segment. Default: a watch. */
  readonly refusals = new Map<string, 403 | 404>();
  readonly requests: UpstreamRequest[] = [];
  readonly watches: MemoryWatch[] = [];
  readonly #signals = new WeakSet<AbortSignal>();
  /** What every request fails with. */
  failure: KubegraphError | undefined;
  /** Answers wait for it; what they say is settled when they are asked for. */
  gate: Promise<void> = Promise.resolve();

  async send(request: UpstreamRequest): Promise<UpstreamAnswer> {
    if (request.signal?.aborted === true) throw CANCELLED;
    this.requests.push(request);
    if (this.failure !== undefined) throw this.failure;
    if (request.query?.['watch'] !== undefined && WATCHED.test(request.path)) {
      const refusal = this.#refusal(request.path);
      return refusal === undefined ? this.#watch(request) : answerOf(request, refusal);
    }
    const reply = this.#reply(request);
    await this.gate;
    return answerOf(request, reply);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** How often it was asked what it serves. */
  get looks(): number {
    return this.requests.filter(({ path }) => path === '/apis').length;
  }

  get openWatches(): readonly MemoryWatch[] {
    return this.watches.filter(({ body }) => !body.isOver);
  }

  /** Tells every watch on definitions of a change. */
  tell(event = '{"type":"MODIFIED","object":{}}\n'): void {
    for (const { request, body } of this.openWatches) {
      if (request.path.endsWith('customresourcedefinitions')) body.write(event);
    }
  }

  #refusal(path: string): StubReply | undefined {
    const code = this.refusals.get(path.slice(path.lastIndexOf('/') + 1));
    return code === undefined ? undefined : statusReply(code, code === 403 ? 'Forbidden' : 'NotFound', 'no');
  }

  #watch(request: UpstreamRequest): UpstreamAnswer {
    const body = new FakeBody();
    this.watches.push({ request, body });
    this.#cutWith(request.signal);
    return { ...HEAD, status: 200, contentType: 'application/json', body };
  }

  /** One listener for all watches of a signal: a real transport leaves none behind either. */
  #cutWith(signal: AbortSignal | undefined): void {
    if (signal === undefined || this.#signals.has(signal)) return;
    this.#signals.add(signal);
    signal.addEventListener('abort', () => {
      for (const { request, body } of this.openWatches) if (request.signal === signal) body.cut(CANCELLED);
    });
  }

  #reply({ path, query = {} }: UpstreamRequest): StubReply {
    if (path === '/api' || path === '/apis')
      return { body: aggregatedList(this.cluster, path === '/api'), contentType: AGGREGATED_TYPE };
    if (WATCHED.test(path)) return this.#refusal(path) ?? { body: { metadata: { resourceVersion: '7' } } };
    const asked = Object.fromEntries(
      Object.entries(query).flatMap(([key, value]) => (value ? [[key, value]] : [])),
    );
    return this.openApi.answer(this.cluster, path, asked) ?? statusReply(404, 'NotFound', `no ${path}`);
  }
}

const CANCELLED = new KubegraphError('CANCELLED', 'cancelled');

const HEAD = { etag: undefined, retryAfter: undefined, warnings: [] } as const;

function answerOf(request: UpstreamRequest, reply: StubReply): UpstreamAnswer {
  const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body);
  const hasEtag = reply.contentType === AGGREGATED_TYPE;
  const etag = hasEtag ? `"${createHash('sha256').update(text).digest('hex')}"` : undefined;
  const isUnchanged = hasEtag && request.headers?.['if-none-match'] === etag;
  const body = new FakeBody();
  if (!isUnchanged) body.write(text);
  body.end();
  return {
    ...HEAD,
    status: isUnchanged ? 304 : (reply.status ?? 200),
    contentType: reply.contentType ?? 'application/json',
    etag,
    body,
  };
}
