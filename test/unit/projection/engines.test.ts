import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../src/projection/byte-writer.ts';
import { wasmEngine } from '../../../src/projection/create-list-scanner.ts';
import type { ObjectProgram } from '../../../src/projection/program.ts';
import { compileProgram } from '../../../src/projection/project.ts';
import { bytesOf, listText } from './documents.ts';
import { chunksOf, type Engine, fuzz, FUZZ_TIMEOUT_MS, listScanner } from './helpers.ts';
import { normal } from './reference.ts';
import { GraphqlReference, OBJECT, selectionOf } from './selections.ts';

/** Selections and lists of a case: each is tried with each. FUZZ_RUNS=4063 makes 65,000 pairs. */
const PER_CASE = { minLength: 4, maxLength: 4 };

const CASE = OBJECT.chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    selections: fc.array(selectionOf(shape), PER_CASE),
    lists: fc.array(listText(shape), PER_CASE),
    cuts: fc.array(fc.nat(), { maxLength: 12 }),
    place: fc.nat(),
    byte: fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('"\\{}[],: n'))),
  }),
);

/** All that a caller sees of a list. */
interface Outcome {
  readonly written: string;
  readonly items: readonly number[];
  readonly end: unknown;
}

function outcome(engine: Engine, program: ObjectProgram, body: Buffer, cuts: readonly number[]): Outcome {
  const output = new ByteWriter();
  const items: number[] = [];
  const scanner = listScanner(engine, {
    programs: [compileProgram(program)],
    outputs: [output],
    onItem: (index) => items.push(index),
  });
  const end = (): unknown => {
    try {
      for (const chunk of chunksOf(body, cuts)) scanner.push(chunk);
      return scanner.end();
    } catch (error) {
      return String(error);
    }
  };
  return { end: end(), items, written: output.take().toString() };
}

/** What both engines make of a list: the same. */
function agreed(program: ObjectProgram, body: Buffer, cuts: readonly number[]): Outcome {
  expect(wasmEngine([compileProgram(program)])).toBeDefined();
  const wasm = outcome('wasm', program, body, cuts);
  expect(wasm).toEqual(outcome('javascript', program, body, cuts));
  return wasm;
}

describe('any selection over any list, in any chunks,', { timeout: FUZZ_TIMEOUT_MS }, () => {
  it('is answered by both engines as graphql-js answers it over the parsed objects', () => {
    fc.assert(
      fc.property(CASE, ({ shape, selections, lists, cuts }) => {
        const reference = new GraphqlReference(shape);
        for (const body of lists.map(bytesOf)) {
          const { items } = JSON.parse(body.toString()) as { readonly items: readonly unknown[] };
          const expected = reference.answers(items, selections);
          for (const [i, { program }] of selections.entries()) {
            const answer = agreed(program, body, cuts);
            expect(normal(`[${answer.written}]`)).toBe(expected[i]);
            expect(answer.items).toEqual([...items.keys()]);
            expect(answer.end).toMatchObject({
              count: items.length,
              resourceVersion: '42',
              continueToken: 'é',
            });
          }
        }
      }),
      fuzz,
    );
  });

  it('is refused by both engines behind the same item, wherever the list is cut off', () => {
    fc.assert(
      fc.property(CASE, ({ selections, lists, cuts, place }) => {
        for (const [i, { program }] of selections.entries()) {
          const body = bytesOf((lists[i] as string).trimEnd());
          const whole = agreed(program, body, cuts);
          const cut = agreed(program, body.subarray(0, place % body.length), cuts);
          expect(cut.end).toMatch(/^MalformedJson: /);
          expect(whole.written.startsWith(cut.written)).toBe(true);
          expect(whole.items.slice(0, cut.items.length)).toEqual(cut.items);
        }
      }),
      fuzz,
    );
  });

  it('is the same to both engines when a byte of the list is changed', () => {
    fc.assert(
      fc.property(CASE, ({ selections, lists, cuts, place, byte }) => {
        for (const [i, { program }] of selections.entries()) {
          const body = bytesOf(lists[i] as string);
          body[place % body.length] = byte;
          const { end } = agreed(program, body, cuts);
          if (typeof end === 'string') expect(end).toMatch(/^MalformedJson: /);
        }
      }),
      fuzz,
    );
  });
});
