import type { FieldNode, GraphQLObjectType } from 'graphql';
import type { Resource } from '../../catalog/resource.ts';
import { ByteWriter } from '../../projection/byte-writer.ts';
import { BriefMemory } from '../../util/brief-memory.ts';
import type { ChangeEvent, WatchEvent } from '../../watch/event.ts';
import { idOfKey } from '../computed-fields.ts';
import { ObjectProjection } from '../object-projection.ts';
import { selectedMembers, type SelectedMember, writeList, writeMembers } from '../selected-members.ts';
import type { SelectionContext } from '../selections.ts';
import { SHARED_MS } from '../shared-briefly.ts';

/** Several events that are sent as one. */
export interface BatchEvent {
  readonly type: 'BATCH';
  readonly events: readonly WatchEvent[];
  readonly isSnapshot: boolean;
  readonly cursor: string;
  readonly receivedAt: number;
}

/** What could not be answered, and is null. */
export interface FieldFailure {
  /** From the event on. */
  readonly path: readonly (string | number)[];
  readonly error: unknown;
}

/** An event as JSON. */
export interface WrittenEvent {
  readonly json: Buffer;
  readonly failures: readonly FieldFailure[];
}

type Value =
  | { readonly kind: 'type' | 'id' | 'snapshot' | 'cursor' }
  | { readonly kind: 'literal'; readonly json: string }
  | { readonly kind: 'object'; readonly projection: ObjectProjection }
  | { readonly kind: 'events'; readonly selection: EventSelection };

/** What is selected on an event, compiled, and what it has made of events: those of one watch are the same for all. */
export class EventSelection {
  readonly #resource: Resource;
  readonly #members: readonly SelectedMember<Value>[];
  readonly #written = new BriefMemory<WatchEvent, WrittenEvent>(SHARED_MS);
  readonly #changed = new WeakMap<ChangeEvent, boolean>();

  /** @param isInBatch whether it is on the events of a BATCH, which are none themselves. */
  constructor(
    context: SelectionContext,
    resource: Resource,
    type: GraphQLObjectType,
    nodes: readonly FieldNode[],
    isInBatch = false,
  ) {
    this.#resource = resource;
    this.#members = selectedMembers(context, type, nodes, (name, fieldNodes): Value => {
      switch (name) {
        case 'type':
        case 'id':
        case 'snapshot':
        case 'cursor':
          return { kind: name };
        case 'object':
          return { kind: name, projection: ObjectProjection.ofField(context, type, name, fieldNodes) };
        case 'events':
          return isInBatch
            ? { kind: 'literal', json: 'null' }
            : { kind: name, selection: new EventSelection(context, resource, type, fieldNodes, true) };
        default:
          return { kind: 'literal', json: JSON.stringify(type.name) };
      }
    });
  }

  /** What is selected on the events of a BATCH. */
  get ofBatches(): readonly EventSelection[] {
    return this.#members.flatMap(({ value }) => (value.kind === 'events' ? [value.selection] : []));
  }

  /** One event, made once for those who want it at about the same time, and for who asks how long it is. */
  written(event: WatchEvent): WrittenEvent {
    const known = this.#written.get(event);
    if (known !== undefined) return known;
    const made = this.write(event);
    this.#written.set(event, made);
    return made;
  }

  write(event: WatchEvent | BatchEvent): WrittenEvent {
    const output = new ByteWriter();
    const failures: FieldFailure[] = [];
    writeMembers(this.#members, output, ({ responseName, value }) => {
      for (const { path, error } of this.#writeValue(value, event, output))
        failures.push({ path: [responseName, ...path], error });
    });
    return { json: output.take(), failures };
  }

  /** Whether an event changes anything that is selected of the object. What cannot be read counts as changed. */
  hasChanged(event: ChangeEvent): boolean {
    const known = this.#changed.get(event);
    if (known !== undefined) return known;
    const answer = this.#differs(event);
    this.#changed.set(event, answer);
    return answer;
  }

  #differs({ before, object }: ChangeEvent): boolean {
    if (before === undefined || object === undefined) return true;
    try {
      return this.#members.some(
        ({ value }) => value.kind === 'object' && value.projection.differs(before, object),
      );
    } catch {
      // The event will say what is wrong with it.
      return true;
    }
  }

  #writeValue(value: Value, event: WatchEvent | BatchEvent, output: ByteWriter): readonly FieldFailure[] {
    switch (value.kind) {
      case 'literal':
        output.writeAscii(value.json);
        return NONE;
      case 'type':
        output.writeAscii(`"${event.type}"`);
        return NONE;
      case 'snapshot':
        output.writeAscii(String(event.isSnapshot));
        return NONE;
      case 'cursor':
        output.write(Buffer.from(JSON.stringify(event.cursor)));
        return NONE;
      case 'id':
        output.writeAscii('key' in event ? `"${idOfKey(this.#resource, event.key)}"` : 'null');
        return NONE;
      case 'object':
        return writeObject(value.projection, 'key' in event ? event.object : undefined, output);
      case 'events':
        if (event.type === 'BATCH') return writeEvents(value.selection, event.events, output);
        output.writeAscii('null');
        return NONE;
    }
  }
}

const NONE: readonly FieldFailure[] = [];

function writeObject(
  projection: ObjectProjection,
  object: Buffer | undefined,
  output: ByteWriter,
): readonly FieldFailure[] {
  if (object === undefined) {
    output.writeAscii('null');
    return NONE;
  }
  try {
    projection.write(object, output);
    return NONE;
  } catch (error) {
    output.writeAscii('null');
    return [{ path: [], error }];
  }
}

function writeEvents(
  selection: EventSelection,
  events: readonly WatchEvent[],
  output: ByteWriter,
): readonly FieldFailure[] {
  const failures: FieldFailure[] = [];
  writeList(events, output, (event, index) => {
    const written = selection.written(event);
    output.write(written.json);
    for (const { path, error } of written.failures) failures.push({ path: [index, ...path], error });
  });
  return failures;
}
