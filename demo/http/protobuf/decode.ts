import { printJson } from '../../api/json.ts';
import { ApiError } from '../../api/status.ts';
import { fieldsOf, type MessageField } from './fields.ts';
import { integerOf, SPECIAL, textIn } from './values.ts';
import { wireFields, type WireField } from './wire.ts';

export const PROTOBUF_TYPE = 'application/vnd.kubernetes.protobuf';

const MAGIC = Buffer.from('k8s\0');

/**
 * Turns an object that kubectl has sent as protobuf into JSON text: `kubectl create`, `auth can-i` and others do so
 * without asking whether the server wants it.
 *
 * @throws ApiError 400 for bytes that are no such object, 415 for a kind whose fields are not known here.
 */
export function protobufToJson(body: Buffer): Buffer {
  try {
    return Buffer.from(printJson(decode(body)));
  } catch (error) {
    if (error instanceof ApiError) throw error;
    const message = `the object provided is not valid protobuf: ${error instanceof Error ? error.message : 'broken'}`;
    throw new ApiError(400, message, { reason: 'BadRequest' });
  }
}

function decode(body: Buffer): Readonly<Record<string, unknown>> {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) throw new RangeError('it does not begin like one');
  const envelope = new Map(
    [...wireFields(body.subarray(MAGIC.length))].map(({ number, value }) => [number, value]),
  );
  const type = envelope.get(1);
  const raw = envelope.get(2);
  const [apiVersion, kind] = Buffer.isBuffer(type) ? [textIn(type, 1), textIn(type, 2)] : ['', ''];
  const message = messageOf(apiVersion, kind);
  return { kind, apiVersion, ...objectOf(message, Buffer.isBuffer(raw) ? raw : Buffer.alloc(0)) };
}

/** Packages of Go whose names do not follow from the group. */
const PACKAGES: Readonly<Record<string, string>> = {
  v1: 'core',
  'autoscaling/v1': 'autoscaling1',
  'autoscaling/v2': 'autoscaling2',
};

function messageOf(apiVersion: string, kind: string): string {
  const owner = PACKAGES[apiVersion] ?? apiVersion.split(/[./]/)[0] ?? '';
  const name = [`${owner}.${kind}`, `meta.${kind}`].find((each) => fieldsOf(each) !== undefined);
  if (name !== undefined) return name;
  const message = `the demo cluster does not read ${apiVersion} ${kind} as protobuf: send JSON or YAML`;
  throw new ApiError(415, message, { reason: 'UnsupportedMediaType' });
}

type Members = Record<string, unknown>;

function objectOf(message: string, bytes: Buffer): Members {
  const fields = fieldsOf(message);
  const members: Members = {};
  for (const wire of wireFields(bytes)) {
    const field = fields?.get(wire.number);
    // Of a newer version than this: the real server drops such fields as well.
    if (field !== undefined) addField(members, field, wire);
  }
  return members;
}

function addField(members: Members, { keepsZero, name, type }: MessageField, { value }: WireField): void {
  if (type.startsWith('[]')) {
    const list = (members[name] ??= []) as unknown[];
    list.push(valueOf(type.slice(2), value));
  } else if (type.startsWith('{}')) {
    const entry = new Map([...wireFields(value as Buffer)].map((each) => [each.number, each.value]));
    const map = (members[name] ??= {}) as Members;
    map[(entry.get(1) ?? '').toString()] = valueOf(type.slice(2), entry.get(2) ?? Buffer.alloc(0));
  } else if (name === '') {
    Object.assign(members, objectOf(type, value as Buffer));
  } else {
    const read = valueOf(type, value);
    if (keepsZero || !isZero(read)) members[name] = read;
  }
}

function valueOf(type: string, value: bigint | Buffer): unknown {
  if (typeof value === 'bigint') return type === 'b' ? value !== 0n : integerOf(value);
  if (type === 's') return value.toString();
  if (type === 'y') return value.toString('base64');
  if (type.startsWith('#')) return [...wireFields(value)].map((item) => valueOf(type.slice(1), item.value));
  return (SPECIAL[type] ?? ((bytes: Buffer) => objectOf(type, bytes)))(value);
}

function isZero(value: unknown): boolean {
  return value === undefined || value === '' || value === 0 || value === false;
}
