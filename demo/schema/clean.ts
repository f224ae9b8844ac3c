import { canonicalQuantity } from './quantity.ts';
import { isRecord } from './record.ts';
import type { Schema, SchemaSource } from './schema.ts';
import { type Shape, shapeOf } from './shape.ts';
import { canonicalMicroTime, canonicalTime } from './time.ts';

/**
 * An object of a built-in kind as it comes out of the server's own types: without what they do not have, without nulls and
 * what they leave out when it is empty, with quantities and times in their canonical form.
 */
export function cleanBuiltIn(object: unknown, schema: Schema, source: SchemaSource): unknown {
  return clean(object, shapeOf(schema, source), source);
}

function clean(value: unknown, shape: Shape, source: SchemaSource): unknown {
  switch (shape.kind) {
    case 'struct':
      return isRecord(value) ? cleanStruct(value, shape, source) : value;
    case 'map':
      return isRecord(value) ? cleanMap(value, shapeOf(shape.values, source), source) : value;
    case 'list': {
      const items = shapeOf(shape.items, source);
      return Array.isArray(value)
        ? value.map((item: unknown) => clean(item ?? zeroOf(items), items, source))
        : value;
    }
    case 'quantity':
      return isQuantity(value) ? (canonicalQuantity(value) ?? value) : value;
    case 'time':
      return typeof value === 'string' ? canonicalTime(value) : value;
    case 'microtime':
      return typeof value === 'string' ? canonicalMicroTime(value) : value;
    default:
      return value;
  }
}

function cleanStruct(
  value: Readonly<Record<string, unknown>>,
  shape: Extract<Shape, { readonly kind: 'struct' }>,
  source: SchemaSource,
): Readonly<Record<string, unknown>> {
  const required = new Set(source.resolve({ $ref: `#/components/schemas/${shape.type}` }).required);
  const members = Object.entries(value).flatMap(([key, member]): [string, unknown][] => {
    const schema = Object.hasOwn(shape.fields, key) ? shape.fields[key] : undefined;
    if (schema === undefined) return [];
    const memberShape = shapeOf(schema, source);
    // `rules: null` of a ClusterRole is shown as such; everything else is left out when it is nothing.
    if (member === null) return [];
    const cleaned = clean(member, memberShape, source);
    return !required.has(key) && isLeftOut(key, cleaned, memberShape) ? [] : [[key, cleaned]];
  });
  return Object.fromEntries(members);
}

function cleanMap(
  value: Readonly<Record<string, unknown>>,
  values: Shape,
  source: SchemaSource,
): Readonly<Record<string, unknown>> {
  const members = Object.entries(value).map(([key, member]) => {
    // Maps of quantities are lists of resources, which have no smaller parts than thousandths.
    if (values.kind === 'quantity')
      return [key, isQuantity(member) ? (canonicalQuantity(member, -3) ?? member) : '0'];
    return [key, clean(member ?? zeroOf(values), values, source)];
  });
  return Object.fromEntries(members) as Readonly<Record<string, unknown>>;
}

function isQuantity(value: unknown): value is string | number | bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
}

/** What the server's types hold where the text has null. */
function zeroOf(shape: Shape): unknown {
  switch (shape.kind) {
    case 'string':
    case 'bytes':
      return '';
    case 'bool':
      return false;
    case 'integer':
    case 'number':
    case 'int-or-string':
      return 0;
    case 'struct':
      return {};
    default:
      return null;
  }
}

function isLeftOut(key: string, value: unknown, shape: Shape): boolean {
  switch (shape.kind) {
    case 'map':
      return isRecord(value) && Object.keys(value).length === 0;
    case 'list':
      return Array.isArray(value) && value.length === 0;
    case 'string':
    case 'bytes':
      return value === '' && !KEPT_WHEN_EMPTY.has(key);
    case 'bool':
      return value === false && PLAIN_BOOLEANS.has(key);
    case 'integer':
      return value === 0 && PLAIN_INTEGERS.has(key);
    default:
      return false;
  }
}

/** Pointers in the server's types: nothing and the empty text are not the same. */
const KEPT_WHEN_EMPTY: ReadonlySet<string> = new Set([
  'appProtocol',
  'holderIdentity',
  'ingressClassName',
  'loadBalancerClass',
  'runtimeClassName',
  'service',
  'storageClassName',
  'type',
  'volumeAttributesClassName',
]);

/** No pointers: false is nothing. */
const PLAIN_BOOLEANS: ReadonlySet<string> = new Set([
  'hostIPC',
  'hostNetwork',
  'hostPID',
  'paused',
  'publishNotReadyAddresses',
  'readOnly',
  'stdin',
  'stdinOnce',
  'tty',
  'unschedulable',
]);

const PLAIN_INTEGERS: ReadonlySet<string> = new Set([
  'generation',
  'hostPort',
  'initialDelaySeconds',
  'minReadySeconds',
  'nodePort',
  'observedGeneration',
]);
