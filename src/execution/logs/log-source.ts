import { isKubegraphError, KubegraphError } from '../../errors/kubegraph-error.ts';
import type { FollowedLogs } from '../../logs/followed-logs.ts';
import { writeCursor } from '../../logs/log-cursor.ts';
import type { LogLine } from '../../logs/log-line.ts';
import type { LinePattern } from '../../logs/pattern.ts';
import { MAX_PAYLOAD_BYTES, type PayloadSource } from '../payload-source.ts';
import type { Payload } from '../subscription-answer.ts';
import type { LinesWriter } from './lines-writer.ts';

/** What a line takes beside its text. */
const LINE_BYTES = 100;

/** Logs that are open. */
export interface OpenLogs {
  readonly logs: FollowedLogs;
  /** Which lines are wanted. Default: all. */
  readonly pattern: LinePattern | undefined;
}

/** What cursors are written with. */
export interface CursorScope {
  readonly scope: string;
  readonly since: string | undefined;
}

/** Payloads of log lines, as many in each as have come. */
export class LogSource implements PayloadSource {
  onReady: () => void = () => {};
  readonly #writer: LinesWriter;
  readonly #scope: CursorScope;
  #open: OpenLogs | undefined;
  #failure: unknown;
  #isClosed = false;

  /** @param opening rejects with why they cannot be read. */
  constructor(opening: Promise<OpenLogs>, writer: LinesWriter, scope: CursorScope) {
    this.#writer = writer;
    this.#scope = scope;
    opening.then(
      (open) => this.#begin(open),
      (error: unknown) => this.#fail(error),
    );
  }

  get isDrained(): boolean {
    return this.#isClosed || this.#failure !== undefined || this.#open?.logs.hasEnded === true;
  }

  get error(): unknown {
    const error = this.#failure ?? this.#open?.logs.error;
    return isKubegraphError(error) ? resumable(error, this.cursor) : error;
  }

  get cursor(): string | undefined {
    if (this.#open === undefined) return undefined;
    const { scope, since } = this.#scope;
    return writeCursor(scope, since, this.#open.logs.positions);
  }

  take(): Payload | undefined {
    if (this.#open === undefined || this.isDrained) return undefined;
    const lines = this.#lines(this.#open);
    // It has been open a moment ago.
    return lines.length === 0 ? undefined : this.#writer.payload(lines, this.cursor as string);
  }

  close(): void {
    this.#isClosed = true;
    this.#open?.logs.close();
  }

  #lines({ logs, pattern }: OpenLogs): readonly LogLine[] {
    const lines: LogLine[] = [];
    let bytes = 0;
    let scanned = 0;
    while (bytes < MAX_PAYLOAD_BYTES) {
      const line = logs.take();
      if (line === undefined) return lines;
      scanned += line.text.length + LINE_BYTES;
      if (pattern === undefined || pattern.matches(line.text.toString())) {
        bytes += line.text.length + LINE_BYTES;
        lines.push(line);
      }
      if (pattern !== undefined && scanned >= pattern.bytesPerTurn) break;
    }
    // Who finds nothing is told when there is more, which then there is already.
    if (lines.length === 0) setImmediate(() => this.onReady());
    return lines;
  }

  #begin(open: OpenLogs): void {
    this.#open = open;
    if (this.#isClosed) open.logs.close();
    open.logs.onReady = () => this.onReady();
    this.onReady();
  }

  #fail(error: unknown): void {
    this.#failure = error;
    this.onReady();
  }
}

/** With the cursor that resumes these logs: what has ended them knows its own only. */
function resumable(error: KubegraphError, cursor: string | undefined): KubegraphError {
  const { cursor: _, ...extensions } = error.extensions;
  return new KubegraphError(error.code, error.message, {
    ...(error.kubernetes === undefined ? {} : { kubernetes: error.kubernetes }),
    extensions: cursor === undefined ? extensions : { ...extensions, cursor },
    cause: error.cause,
  });
}
