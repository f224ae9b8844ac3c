import type { FieldNode } from 'graphql';
import { BriefMemory } from '../../util/brief-memory.ts';
import type { ChangeEvent, WatchEvent } from '../../watch/event.ts';
import { answerTail } from '../answer.ts';
import { fieldError, type ReportDefect } from '../graphql-errors.ts';
import { SHARED_MS } from '../shared-briefly.ts';
import type { Payload } from '../subscription-answer.ts';
import type { BatchEvent, EventSelection, WrittenEvent } from './event-selection.ts';

/** What the errors of events are made with. */
interface ErrorContext {
  readonly nodes: readonly FieldNode[];
  readonly report: ReportDefect;
}

/** No one subscriber's leaving is the reason of what many share. */
const NEVER_ABORTED = new AbortController().signal;

/** Makes the payloads of a document's subscription field: subscribers with the same document share them. */
export class EventWriter {
  readonly #responseName: string;
  readonly #selection: EventSelection;
  readonly #errors: ErrorContext;
  readonly #payloads = new BriefMemory<WatchEvent, Payload>(SHARED_MS);

  constructor(responseName: string, selection: EventSelection, errors: ErrorContext) {
    this.#responseName = responseName;
    this.#selection = selection;
    this.#errors = errors;
  }

  /** Whether the events of a BATCH are selected. */
  get showsBatches(): boolean {
    return this.#selection.ofBatches.length > 0;
  }

  payload(event: WatchEvent): Payload {
    const known = this.#payloads.get(event);
    if (known !== undefined) return known;
    const made = this.#payload(event, this.#selection.write(event));
    this.#payloads.set(event, made);
    return made;
  }

  /** @param events at least one. */
  batch(events: readonly WatchEvent[]): Payload {
    const last = events.at(-1) as WatchEvent;
    const batch: BatchEvent = {
      type: 'BATCH',
      events,
      isSnapshot: events.every(({ isSnapshot }) => isSnapshot),
      cursor: last.cursor,
      receivedAt: last.receivedAt,
    };
    return this.#payload(batch, this.#selection.write(batch));
  }

  /** Bytes that an event takes in a BATCH. */
  bytesInBatch(event: WatchEvent): number {
    return this.#selection.ofBatches.reduce(
      (bytes, selection) => bytes + selection.written(event).json.length,
      0,
    );
  }

  /** Whether an event changes anything that is selected of the object, in a BATCH or alone. */
  hasChanged(event: ChangeEvent, isInBatch: boolean): boolean {
    const selections = isInBatch ? this.#selection.ofBatches : [this.#selection];
    return selections.some((selection) => selection.hasChanged(event));
  }

  #payload(
    { cursor, isSnapshot, receivedAt }: WatchEvent | BatchEvent,
    { json, failures }: WrittenEvent,
  ): Payload {
    const { nodes, report } = this.#errors;
    const errors = failures.map(({ path, error }) =>
      fieldError(error, nodes, [this.#responseName, ...path], NEVER_ABORTED, report),
    );
    const head = `{"data":{"${this.#responseName}":`;
    return {
      json: Buffer.concat([Buffer.from(head), json, Buffer.from(`}${answerTail({ errors })}}`)]),
      cursor,
      // Of a snapshot nobody has waited for one event.
      receivedAt: isSnapshot ? undefined : receivedAt,
    };
  }
}
