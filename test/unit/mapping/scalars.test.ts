import { GraphQLScalarType, parseConstValue, parseValue } from 'graphql';
import { describe, expect, it } from 'vitest';
import { baseTypes } from '../../../src/mapping/graphql/base-schema.ts';

const types = baseTypes();

function scalar(name: string): GraphQLScalarType {
  const type = types.get(name);
  if (!(type instanceof GraphQLScalarType)) throw new Error(`no scalar ${name}`);
  return type;
}

/** A value as written in a document. */
function literal(name: string, text: string, variables: Readonly<Record<string, unknown>> = {}): unknown {
  const node = Object.keys(variables).length === 0 ? parseConstValue(text) : parseValue(text);
  return scalar(name).parseLiteral(node, variables);
}

/** A value as it comes in variables: JSON has been parsed before. */
function variable(name: string, json: string): unknown {
  return scalar(name).parseValue(JSON.parse(json));
}

const REFUSED = Symbol('refused');

function attempt(parse: () => unknown): unknown {
  try {
    return parse();
  } catch {
    return REFUSED;
  }
}

describe('a literal', () => {
  it.each<[string, string, unknown]>([
    ['JSON', '{ a: [1, 2.5, "x", true, null, { b: RED }] }', { a: [1, 2.5, 'x', true, null, { b: 'RED' }] }],
    ['JSON', '9007199254740993', 9007199254740993n],
    ['JSON', '{ n: -9223372036854775808 }', { n: -9223372036854775808n }],
    ['JSON', 'null', null],
    ['JSON', '1e400', REFUSED],
    ['JSON', '{ a: [1e400] }', REFUSED],
    ['StringMap', '{ a: "b", c: null }', { a: 'b', c: null }],
    ['Float', '2.5', 2.5],
    ['Float', '-3', -3],
    ['Float', '1e20', 1e20],
    ['Float', '9007199254740993', 9007199254740993n],
    ['Float', '-100000000000000000001', -100000000000000000001n],
    ['Float', '1e400', REFUSED],
    ['Float', '"1"', REFUSED],
    ['StringMap', '{ a: 1 }', REFUSED],
    ['StringMap', '{ a: { b: "c" } }', REFUSED],
    ['StringMap', '["a"]', REFUSED],
    ['StringMap', '"a"', REFUSED],
    ['IntOrString', '80', 80],
    ['IntOrString', '"http"', 'http'],
    ['IntOrString', '"25%"', '25%'],
    ['IntOrString', '8.5', REFUSED],
    ['IntOrString', '80.0', REFUSED],
    ['IntOrString', '8e1', REFUSED],
    ['IntOrString', 'true', REFUSED],
    ['IntOrString', '1e30', REFUSED],
    ['Quantity', '"100m"', '100m'],
    ['Quantity', '1.5', '1.5'],
    ['Quantity', '1e3', '1e3'],
    ['Quantity', '12345678901234567.123456789', '12345678901234567.123456789'],
    ['Quantity', '100000000000000000000', '100000000000000000000'],
    [
      'QuantityMap',
      '{ cpu: "1", memory: 1e3, x: 1.50, y: null }',
      { cpu: '1', memory: '1e3', x: '1.50', y: null },
    ],
    ['QuantityMap', '{ cpu: true }', REFUSED],
    ['QuantityMap', '{ cpu: ["1"] }', REFUSED],
    ['QuantityMap', '"1"', REFUSED],
    ['Quantity', 'true', REFUSED],
    ['Quantity', '{}', REFUSED],
    ['Int64', '0', 0],
    ['Int64', '-5', -5],
    ['Int64', '9007199254740991', 9007199254740991],
    ['Int64', '9007199254740993', 9007199254740993n],
    ['Int64', '9223372036854775807', 9223372036854775807n],
    ['Int64', '-9223372036854775808', -9223372036854775808n],
    ['Int64', '9223372036854775808', REFUSED],
    ['Int64', '"9223372036854775807"', 9223372036854775807n],
    ['Int64', '"9223372036854775808"', REFUSED],
    ['Int64', '"12a"', REFUSED],
    ['Int64', '""', REFUSED],
    ['Int64', '1.5', REFUSED],
    ['Int64', '1.0', REFUSED],
    ['Int64', '1e3', REFUSED],
    ['Int64', '1e30', REFUSED],
    ['Int64', '9007199254740993.0', REFUSED],
    ['Int64', 'true', REFUSED],
    ['DateTime', '"2026-01-01T00:00:00Z"', '2026-01-01T00:00:00Z'],
    ['DateTime', '20260101', REFUSED],
    ['MicroTime', '"2026-01-01T00:00:00.123456Z"', '2026-01-01T00:00:00.123456Z'],
    ['MicroTime', '{}', REFUSED],
    ['Base64', '"aGk="', 'aGk='],
    ['Base64', '1', REFUSED],
  ])('%s %s', (name, text, value) => {
    expect(attempt(() => literal(name, text))).toEqual(value);
  });

  it('takes variables inside; absent ones are left out of objects, and null in lists', () => {
    expect(literal('JSON', '{ a: $a, b: [$b], c: $c, d: $d }', { a: { x: 1 }, d: null })).toEqual({
      a: { x: 1 },
      b: [null],
      d: null,
    });
    expect(attempt(() => literal('JSON', '{ a: $a }', { a: 2 ** 53 }))).toBe(REFUSED);
  });
});

describe('a variable', () => {
  it.each<[string, string, unknown]>([
    ['JSON', '{"a":[1,2.5,null,{"b":"c"}]}', { a: [1, 2.5, null, { b: 'c' }] }],
    ['JSON', '9007199254740991', 9007199254740991],
    ['JSON', '9007199254740993', REFUSED],
    ['JSON', '{"a":[{"b":9007199254740993}]}', REFUSED],
    ['JSON', '{"__proto__":{"a":1}}', JSON.parse('{"__proto__":{"a":1}}')],
    ['Float', '2.5', 2.5],
    ['Float', '9007199254740991', 9007199254740991],
    ['Float', '9007199254740993', REFUSED],
    ['Float', '-9223372036854775807', REFUSED],
    ['Float', '1.7976931348623157e308', Number.MAX_VALUE],
    ['Float', '-1e20', -1e20],
    ['Float', '1e400', REFUSED],
    ['Float', '"1"', REFUSED],
    ['StringMap', '{"app.kubernetes.io/name":"web"}', { 'app.kubernetes.io/name': 'web' }],
    ['StringMap', '{"a":null}', { a: null }],
    ['StringMap', '{"a":true}', REFUSED],
    ['StringMap', '[]', REFUSED],
    ['IntOrString', '80', 80],
    ['IntOrString', '"80"', '80'],
    ['IntOrString', '80.5', REFUSED],
    ['IntOrString', 'false', REFUSED],
    ['IntOrString', '9007199254740993', REFUSED],
    ['Quantity', '"1Gi"', '1Gi'],
    ['Quantity', '0.1', 0.1],
    ['Quantity', '[]', REFUSED],
    ['Int64', '9007199254740991', 9007199254740991],
    ['Int64', '9007199254740993', REFUSED],
    ['Int64', '"9007199254740993"', 9007199254740993n],
    ['Int64', '"-9223372036854775809"', REFUSED],
    ['Int64', '1.5', REFUSED],
    ['Int64', 'true', REFUSED],
    ['DateTime', '"2026-01-01T00:00:00Z"', '2026-01-01T00:00:00Z'],
    ['DateTime', '1767225600', REFUSED],
    ['MicroTime', '"2026-01-01T00:00:00.000001Z"', '2026-01-01T00:00:00.000001Z'],
    ['Base64', '"aGk="', 'aGk='],
    ['Base64', '{}', REFUSED],
  ])('%s %s', (name, json, value) => {
    expect(attempt(() => variable(name, json))).toEqual(value);
  });

  it.each([
    ['Int64', '9007199254740993', /beyond 2\^53.*: write it as text$/],
    ['JSON', '{"a":[0,{"b":9007199254740993}]}', /at "a" 1 "b" is beyond 2\^53.*: write it as text$/],
    ['Float', '9007199254740993', /beyond 2\^53.*: write it in the document itself$/],
  ])('says what to do about an integer that may have lost digits: %s %s', (name, json, message) => {
    expect(() => variable(name, json)).toThrow(message);
  });
});

describe('a refused map', () => {
  it.each([
    ['StringMap', '{"a":"b","c.d/e":3}', 'this object: "c.d/e" is a number, and only strings are allowed'],
    ['StringMap', '{"a":{"b":"c"}}', 'this object: "a" is an object, and only strings are allowed'],
    ['StringMap', '["a"]', 'a list: it is an object'],
    ['StringMap', '"a"', 'a string: it is an object'],
    [
      'QuantityMap',
      '{"cpu":true}',
      'this object: "cpu" is a boolean, and only strings and numbers are allowed',
    ],
    [
      'QuantityMap',
      '{"cpu":"1","x":["1"]}',
      'this object: "x" is a list, and only strings and numbers are allowed',
    ],
  ])('is told which key is wrong, and why: %s %s', (name, json, message) => {
    const expected = `${name} cannot represent ${message}`;
    expect(() => variable(name, json)).toThrow(expected);
    if (!json.includes('/')) {
      expect(() => literal(name, json.replaceAll(/"(\w+)":/g, '$1: '))).toThrow(expected);
    }
  });
});
