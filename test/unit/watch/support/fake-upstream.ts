import type { Upstream, UpstreamAnswer, UpstreamRequest } from '../../../../src/cluster/upstream.ts';
import { KubegraphError } from '../../../../src/errors/kubegraph-error.ts';
import { FakeBody } from './fake-body.ts';
import { listPage } from './objects.ts';

export interface AnswerOptions {
  readonly contentType?: string;
  readonly retryAfter?: string;
}

/** A request that waits for the test to answer it. */
export class FakeCall {
  readonly request: UpstreamRequest;
  readonly answered: Promise<UpstreamAnswer>;
  readonly body = new FakeBody();
  #isRefused = false;
  #resolve: (answer: UpstreamAnswer) => void = () => {};
  #reject: (error: KubegraphError) => void = () => {};

  constructor(request: UpstreamRequest) {
    this.request = request;
    this.answered = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    request.signal?.addEventListener('abort', () => this.#cancel(), { once: true });
  }

  get isAborted(): boolean {
    return this.request.signal?.aborted === true;
  }

  /** Whether it costs anything: it waits for an answer or the answer goes on. */
  get isOpen(): boolean {
    return !this.isAborted && !this.#isRefused && !this.body.isOver;
  }

  /** `list` or `watch`, with what tells one from another; `position` and `review` are questions on the side. */
  get summary(): string {
    const query = this.request.query ?? {};
    if (this.request.method === 'POST') return 'review';
    if (this.request.accept?.includes('PartialObjectMetadata') === true) return 'position';
    if (query['watch'] === undefined) return `list ${query['continue'] ?? 'first page'}`;
    return query['sendInitialEvents'] === 'true'
      ? 'streaming list'
      : `watch from ${query['resourceVersion']}`;
  }

  /** Answers 200 with a body to be written. */
  open(): FakeBody {
    return this.#respond(200);
  }

  /** Answers with a whole body. */
  reply(status: number, body: string | object, options: AnswerOptions = {}): void {
    this.#respond(status, options).write(typeof body === 'string' ? body : JSON.stringify(body));
    this.body.end();
  }

  /** No connection. */
  refuse(error = new KubegraphError('UNREACHABLE', 'no connection')): void {
    this.#isRefused = true;
    this.#reject(error);
  }

  #respond(status: number, options: AnswerOptions = {}): FakeBody {
    this.#resolve({
      status,
      contentType: options.contentType ?? 'application/json',
      etag: undefined,
      retryAfter: options.retryAfter,
      warnings: [],
      body: this.body,
    });
    return this.body;
  }

  #cancel(): void {
    const error = new KubegraphError('CANCELLED', 'cancelled');
    this.#reject(error);
    this.body.cut(error);
  }
}

/** Everything is allowed, and no cursor of a test comes from the future. */
function answerKindly(question: FakeCall): void {
  if (question.summary === 'position') question.reply(200, listPage(1_000_000, []));
  else question.reply(201, { kind: 'SelfSubjectAccessReview', status: { allowed: true } });
}

/** An API server that the test plays by hand. */
export class FakeUpstream implements Upstream {
  /** Lists and watches. */
  readonly calls: FakeCall[] = [];
  /** Questions on the side: where a collection is, and whether it may be watched. */
  readonly questions: FakeCall[] = [];
  /** Answers a question on the side, or keeps it for later. */
  onQuestion: (question: FakeCall) => void = answerKindly;
  #taken = 0;
  #wake: () => void = () => {};

  send(request: UpstreamRequest): Promise<UpstreamAnswer> {
    const call = new FakeCall(request);
    if (call.summary === 'position' || call.summary === 'review') {
      this.questions.push(call);
      this.onQuestion(call);
      return call.answered;
    }
    this.calls.push(call);
    this.#wake();
    return call.answered;
  }

  /** The next request that has not been taken, as soon as there is one. */
  async nextCall(): Promise<FakeCall> {
    for (;;) {
      const call = this.calls[this.#taken];
      if (call !== undefined) {
        this.#taken += 1;
        return call;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  get summaries(): string[] {
    return this.calls.map((call) => call.summary);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
