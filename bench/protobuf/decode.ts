import { fieldsOf, type MessageField } from '../../demo/http/protobuf/fields.ts';
import { integerOf, SPECIAL } from '../../demo/http/protobuf/values.ts';
import { type WireField, wireFields } from '../../demo/http/protobuf/wire.ts';

/** Whether a field that was sent is one that JSON shows. */
export type Rule = (field: MessageField, isZero: boolean) => boolean;

type Members = Record<string, unknown>;

/** Names and types of fields are the demo's, from the Go types; what a zero means is up to `rule`. */
export function decode(message: string, bytes: Buffer, rule: Rule): Members {
  const fields = fieldsOf(message);
  if (fields === undefined) throw new Error(`the table has no ${message}`);
  const members: Members = {};
  for (const wire of wireFields(bytes)) {
    const field = fields.get(wire.number);
    if (field === undefined) members[`field ${wire.number}`] = 'unknown';
    else add(members, field, wire, rule);
  }
  return members;
}

function add(members: Members, field: MessageField, { value }: WireField, rule: Rule): void {
  const { name, type } = field;
  if (type.startsWith('[]')) {
    // Nothing else has this key.
    ((members[name] ??= []) as unknown[]).push(valueOf(type.slice(2), value, rule));
  } else if (type.startsWith('{}')) {
    const entry = new Map([...wireFields(value as Buffer)].map((each) => [each.number, each.value]));
    const map = (members[name] ??= {}) as Members;
    map[String(entry.get(1) ?? '')] = valueOf(type.slice(2), entry.get(2) ?? Buffer.alloc(0), rule);
  } else if (name === '') {
    Object.assign(members, decode(type, value as Buffer, rule));
  } else {
    const read = valueOf(type, value, rule);
    if (rule(field, ZEROS.has(read))) members[name] = read ?? null;
  }
}

const ZEROS: ReadonlySet<unknown> = new Set([undefined, '', 0, false]);

function valueOf(type: string, value: bigint | Buffer, rule: Rule): unknown {
  if (typeof value === 'bigint') return type === 'b' ? value !== 0n : integerOf(value);
  if (type === 's') return value.toString();
  if (type === 'y') return value.toString('base64');
  if (type.startsWith('#'))
    return [...wireFields(value)].map((item) => valueOf(type.slice(1), item.value, rule));
  const special = SPECIAL[type];
  return special === undefined ? decode(type, value, rule) : special(value);
}

/** Where two values differ, as paths without indexes. What only one has is named by who has it. */
export function differences(json: unknown, decoded: unknown, path = ''): readonly string[] {
  if (json === decoded) return [];
  if (!isContainer(json) || !isContainer(decoded)) return [`${path}: another value`];
  const keys = new Set([...Object.keys(json), ...Object.keys(decoded)]);
  return [...keys].flatMap((key) => {
    const to = Array.isArray(json) ? `${path}[]` : `${path}.${key}`;
    if (!(key in decoded)) return [`${to}: ${JSON.stringify(json[key])} in JSON only`];
    if (!(key in json)) return [`${to}: ${JSON.stringify(decoded[key])} in protobuf only`];
    return differences(json[key], decoded[key], to);
  });
}

function isContainer(value: unknown): value is Members {
  return typeof value === 'object' && value !== null;
}
