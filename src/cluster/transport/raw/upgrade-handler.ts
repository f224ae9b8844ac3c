import { Readable, type Duplex } from 'node:stream';
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { KubegraphError } from '../../../errors/kubegraph-error.ts';
import type { RawUpgrade } from '../../raw.ts';
import type { CallScope } from '../call-scope.ts';
import { rawAnswerHeaders } from './headers.ts';

/** A refusal is a Status, or a line of text. */
const MAX_REFUSAL_BYTES = 64 * 1024;

/** Takes what a server answers to the wish for another protocol. undici's own `upgrade` loses a refusal's body. */
export class UpgradeHandler implements Dispatcher.DispatchHandler {
  readonly result: Promise<RawUpgrade>;
  readonly #scope: CallScope;
  #resolve: (upgrade: RawUpgrade) => void = nothing;
  #reject: (error: unknown) => void = nothing;
  #stop: () => void = nothing;
  #head: { readonly status: number; readonly headers: IncomingHttpHeaders } | undefined;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  /** @param scope ends with the connection. */
  constructor(scope: CallScope) {
    this.#scope = scope;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    const { signal } = this.#scope;
    this.#stop = () => controller.abort(signal.reason ?? new Error('the call has ended'));
    if (signal.aborted) this.#stop();
    else signal.once('abort', this.#stop);
  }

  onRequestUpgrade(
    _: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
    socket: Duplex,
  ): void {
    const { signal } = this.#scope;
    this.#scope.liftDeadline();
    signal.off('abort', this.#stop);
    const end = (): void => void socket.destroy();
    signal.once('abort', end);
    // What goes wrong from now on both sides see by their connections being closed.
    socket.on('error', nothing);
    socket.once('close', () => {
      signal.off('abort', end);
      this.#scope.end();
    });
    if (signal.aborted) end();
    if (status === 101) this.#resolve({ kind: 'upgraded', headers: rawAnswerHeaders(headers), socket });
    else this.onResponseError(undefined, new Error(`an upgrade with status ${status}`));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // More than one head may come before the answer's.
    if (status >= 200) this.#head = { status, headers };
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= MAX_REFUSAL_BYTES) this.#chunks.push(chunk);
    else
      controller.abort(new KubegraphError('UPSTREAM_ERROR', 'the API server refused with more than 64 KB'));
  }

  onResponseEnd(): void {
    this.#leave();
    const { status = 502, headers = {} } = this.#head ?? {};
    const body = Readable.from(this.#chunks, { objectMode: false });
    this.#resolve({ kind: 'refused', answer: { status, headers: rawAnswerHeaders(headers), body } });
  }

  onResponseError(_: unknown, error: Error): void {
    this.#leave();
    this.#reject(this.#scope.reason ?? error);
  }

  #leave(): void {
    this.#scope.signal.off('abort', this.#stop);
    this.#scope.end();
  }
}

function nothing(): void {
  // Nobody waits for it.
}
