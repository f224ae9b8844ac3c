import { JsonReader } from './json-reader.ts';
import { canonicalQuantity, QUANTITY_PROBLEM } from './quantity.ts';
import type { DecodingProblem, Schema, SchemaSource } from './schema.ts';
import { type Shape, shapeOf, typeName } from './shape.ts';
import { canonicalMicroTime, canonicalTime, TimeError } from './time.ts';

export interface Decoded {
  /** In the order of the text. */
  readonly problems: readonly DecodingProblem[];
  /** The first value of a wrong type, in the words of the server's decoder; such a text is refused. */
  readonly error: string | undefined;
}

/** Looks at a JSON text as the server's decoder of a built-in kind does. */
export function decodeBuiltIn(text: string, schema: Schema, source: SchemaSource): Decoded {
  const decoder = new Decoder(text, source);
  decoder.value(shapeOf(schema, source), { path: '', field: '', struct: '' });
  return decoder;
}

/** Members that come twice anywhere in a JSON text. */
export function duplicateFields(text: string): readonly DecodingProblem[] {
  const problems: DecodingProblem[] = [];
  const reader = new JsonReader(text);
  const visit = (path: string): void => {
    switch (reader.peek()) {
      case '{': {
        const seen = new Set<string>();
        reader.object((key) => {
          const member = join(path, key);
          if (seen.has(key)) problems.push(problem('duplicate', member));
          seen.add(key);
          visit(member);
        });
        return;
      }
      case '[':
        reader.array((index) => visit(`${path}[${index}]`));
        return;
      default:
        reader.skip();
    }
  };
  visit('');
  return withoutRepeats(problems);
}

/** Where the decoder is: the path of a warning has indexes, that of an error has the names of struct fields only. */
interface Place {
  readonly path: string;
  readonly field: string;
  /** The type that has the field. */
  readonly struct: string;
}

class Decoder implements Decoded {
  readonly #reader: JsonReader;
  readonly #source: SchemaSource;
  readonly #problems: DecodingProblem[] = [];
  error: string | undefined;

  constructor(text: string, source: SchemaSource) {
    this.#reader = new JsonReader(text);
    this.#source = source;
  }

  get problems(): readonly DecodingProblem[] {
    return withoutRepeats(this.#problems);
  }

  value(shape: Shape, place: Place): void {
    switch (this.#reader.peek()) {
      case '{':
        this.#object(shape, place);
        return;
      case '[':
        this.#array(shape, place);
        return;
      case '"':
        this.#string(shape, place);
        return;
      default:
        this.#scalar(shape, place);
    }
  }

  #object(shape: Shape, place: Place): void {
    if (shape.kind !== 'struct' && shape.kind !== 'map') {
      if (shape.kind !== 'any') this.#refuse('object', shape, place);
      this.#reader.skip();
      return;
    }
    const seen = new Set<string>();
    this.#reader.object((key) => {
      const path = join(place.path, key);
      const member = shape.kind === 'map' ? shape.values : own(shape.fields, key);
      if (member === undefined) {
        this.#problems.push(problem('unknown', path));
        this.#reader.skip();
        return;
      }
      if (seen.has(key)) this.#problems.push(problem('duplicate', path));
      seen.add(key);
      const inside =
        shape.kind === 'map'
          ? { ...place, path }
          : { path, field: join(place.field, goPath(shape.type, key)), struct: shape.type };
      this.value(shapeOf(member, this.#source), inside);
    });
  }

  #array(shape: Shape, place: Place): void {
    if (shape.kind !== 'list') {
      if (shape.kind !== 'any') this.#refuse('array', shape, place);
      this.#reader.skip();
      return;
    }
    const items = shapeOf(shape.items, this.#source);
    this.#reader.array((index) => this.value(items, { ...place, path: `${place.path}[${index}]` }));
  }

  #string(shape: Shape, place: Place): void {
    const text = this.#reader.string();
    switch (shape.kind) {
      case 'string':
      case 'any':
      case 'int-or-string':
        return;
      case 'bytes':
        this.#check(base64Problem(text));
        return;
      case 'time':
        this.#check(timeProblem(() => canonicalTime(text)));
        return;
      case 'microtime':
        this.#check(timeProblem(() => canonicalMicroTime(text)));
        return;
      case 'quantity':
        this.#check(canonicalQuantity(text) === undefined ? QUANTITY_PROBLEM : undefined);
        return;
      default:
        this.#refuse('string', shape, place);
    }
  }

  #scalar(shape: Shape, place: Place): void {
    const token = this.#reader.scalar();
    if (token === 'null' || shape.kind === 'any') return;
    if (token === 'true' || token === 'false') {
      if (shape.kind !== 'bool') this.#refuse('bool', shape, place);
      return;
    }
    switch (shape.kind) {
      case 'number':
      case 'quantity':
        return;
      case 'integer':
      case 'int-or-string':
        if (!isInteger(token, shape.kind === 'integer' ? shape.bits : 32))
          this.#refuse(`number ${token}`, shape, place);
        return;
      default:
        this.#refuse('number', shape, place);
    }
  }

  #check(found: string | undefined): void {
    this.error ??= found;
  }

  #refuse(value: string, shape: Shape, { field, struct }: Place): void {
    if (shape.kind === 'quantity') this.#check(QUANTITY_PROBLEM);
    const of = struct === '' ? 'Go value' : `Go struct field ${struct.split('.').at(-1)}.${field}`;
    this.#check(`json: cannot unmarshal ${value} into ${of} of type ${typeName(shape, this.#source)}`);
  }
}

function isInteger(token: string, bits: 32 | 64): boolean {
  return /^-?\d+$/.test(token) && BigInt.asIntN(bits, BigInt(token)) === BigInt(token);
}

/** Go embeds some structs in others without a member of their own; its decoder names them all the same. */
function goPath(struct: string, key: string): string {
  if (struct === 'io.k8s.api.core.v1.Probe' && PROBE_HANDLERS.has(key)) return `ProbeHandler.${key}`;
  if (struct === 'io.k8s.api.core.v1.Volume' && key !== 'name') return `VolumeSource.${key}`;
  if (key === 'name' && REFERRING.test(struct)) return `LocalObjectReference.${key}`;
  return key;
}

const REFERRING =
  /^io\.k8s\.api\.core\.v1\.(ConfigMap|Secret)(EnvSource|KeySelector|Projection)$|ConfigMapVolumeSource$/;

const PROBE_HANDLERS = new Set(['exec', 'grpc', 'httpGet', 'tcpSocket']);

function base64Problem(text: string): string | undefined {
  const wrong = /[^A-Za-z0-9+/=\r\n]/.exec(text);
  if (wrong !== null) return `illegal base64 data at input byte ${wrong.index}`;
  const rest = text.replaceAll(/[\r\n]/g, '').length % 4;
  if (rest === 0) return undefined;
  return `illegal base64 data at input byte ${text.endsWith('=') ? text.length : text.length - rest}`;
}

function timeProblem(read: () => string): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof TimeError) return error.message;
    throw error;
  }
}

function own(fields: Readonly<Record<string, Schema>>, key: string): Schema | undefined {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function problem(kind: DecodingProblem['kind'], path: string): DecodingProblem {
  return { kind, text: `${kind} field "${path}"` };
}

/** A problem is told once, however often it occurs. */
function withoutRepeats(problems: readonly DecodingProblem[]): readonly DecodingProblem[] {
  return [...new Map(problems.map((each) => [each.text, each])).values()];
}
