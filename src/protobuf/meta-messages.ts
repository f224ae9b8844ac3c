import { writeGoString } from './go-string.ts';
import { type MessageField, MessageWriter } from './message-writer.ts';
import { int64Digits, isZeroTime, writeBool, writeEntry, writeInt64, writeTime } from './values.ts';
import { BYTES, VARINT } from './wire-fields.ts';

/*
 * The messages of k8s.io/apimachinery/pkg/apis/meta/v1, by hand: numbers from generated.proto, order of keys and what is left
 * out from the JSON tags in types.go, the same from 0.28 to 0.36 but for a `creationTimestamp` that is not set: it was `null`
 * and is left out now, which is the same in an answer. Go sends every field that is no pointer.
 */

const OWNER_REFERENCE = [
  shownText(5, 'apiVersion'),
  shownText(1, 'kind'),
  shownText(3, 'name'),
  shownText(4, 'uid'),
  bool(6, 'controller'),
  bool(7, 'blockOwnerDeletion'),
];

/** Without `fieldsV1`, which is JSON in either form: nothing is won by asking for it in protobuf. */
const MANAGED_FIELDS_ENTRY = [
  text(1, 'manager'),
  text(2, 'operation'),
  text(3, 'apiVersion'),
  pointer(time(4, 'time')),
  text(6, 'fieldsType'),
  text(8, 'subresource'),
];

const OBJECT_META = [
  text(1, 'name'),
  text(2, 'generateName'),
  text(3, 'namespace'),
  text(4, 'selfLink'),
  text(5, 'uid'),
  text(6, 'resourceVersion'),
  int64(7, 'generation'),
  time(8, 'creationTimestamp'),
  pointer(time(9, 'deletionTimestamp')),
  pointer(int64(10, 'deletionGracePeriodSeconds')),
  map(11, 'labels'),
  map(12, 'annotations'),
  array(messageOf(13, 'ownerReferences', OWNER_REFERENCE)),
  array(shownText(14, 'finalizers')),
  array(messageOf(17, 'managedFields', MANAGED_FIELDS_ENTRY)),
];

const LIST_META = [
  text(1, 'selfLink'),
  text(2, 'resourceVersion'),
  text(3, 'continue'),
  pointer(int64(4, 'remainingItemCount')),
];

/** The keys of `metadata` that can be told, each with those of the objects below it, where it has any. */
export const METADATA_KEYS: ReadonlyMap<string, ReadonlySet<string> | undefined> = new Map(
  OBJECT_META.map(({ name, keys }) => [name, keys]),
);

export const LIST_METADATA = new MessageWriter(LIST_META);

/** Of PartialObjectMetadata, with some keys of its `metadata` only. Not for two messages at a time. */
export function partialObjectWriter(keys: ReadonlySet<string>): MessageWriter {
  const metadata = OBJECT_META.filter(({ name }) => keys.has(name));
  return new MessageWriter([messageOf(1, 'metadata', metadata)]);
}

function shownText(number: number, name: string): MessageField {
  return { number, name, wireType: BYTES, write: writeGoString };
}

function text(number: number, name: string): MessageField {
  return { ...shownText(number, name), isOmitted: (_, from, to) => from === to };
}

function int64(number: number, name: string): MessageField {
  const isOmitted = (bytes: Buffer, from: number, to: number) => int64Digits(bytes, from, to) === '0';
  return { number, name, wireType: VARINT, write: writeInt64, isOmitted };
}

function bool(number: number, name: string): MessageField {
  return { number, name, wireType: VARINT, write: writeBool };
}

function time(number: number, name: string): MessageField {
  return { number, name, wireType: BYTES, write: writeTime, isOmitted: isZeroTime };
}

/** What is sent only where it is set, and then shown, be it zero. */
function pointer({ number, name, wireType, write }: MessageField): MessageField {
  return { number, name, wireType, write };
}

function array(field: MessageField): MessageField {
  return { ...field, gathers: 'array' };
}

function map(number: number, name: string): MessageField {
  return { number, name, wireType: BYTES, write: writeEntry, gathers: 'object' };
}

function messageOf(number: number, name: string, fields: readonly MessageField[]): MessageField {
  const keys = new Set(fields.map((field) => field.name));
  return { number, name, wireType: BYTES, write: new MessageWriter(fields).write, keys };
}
