import type { ServerResponse } from 'node:http';
import type { StubRequest } from './stub-api-server.ts';

/** One watch stream, written by the test. */
export class StubWatch {
  readonly request: StubRequest;
  readonly #response: ServerResponse;

  constructor(request: StubRequest, response: ServerResponse) {
    this.request = request;
    this.#response = response;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
  }

  send(type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'ERROR', object: object | string): void {
    const text = typeof object === 'string' ? object : JSON.stringify(object);
    this.#response.write(`{"type":"${type}","object":${text}}\n`);
  }

  /** Ends the initial list of a streaming list. */
  synced(resourceVersion: string): void {
    const annotations = { 'k8s.io/initial-events-end': 'true' };
    const object = { kind: 'Pod', apiVersion: 'v1', metadata: { resourceVersion, annotations } };
    this.#response.write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
  }

  end(): void {
    this.#response.end();
  }
}

/** Watches in the order in which they are opened. */
export class StubWatches {
  readonly #opened: StubWatch[] = [];
  readonly #waiting: ((watch: StubWatch) => void)[] = [];

  open(watch: StubWatch): void {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#opened.push(watch);
    else waiting(watch);
  }

  /** The next one that nobody has taken, as soon as there is one. */
  next(): Promise<StubWatch> {
    const opened = this.#opened.shift();
    if (opened !== undefined) return Promise.resolve(opened);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
