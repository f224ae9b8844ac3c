import { describe, expect, test } from 'vitest';
import { valuesAt } from '../../../../../demo/http/tables/json-path.ts';

describe('JSONPath of printer columns', () => {
  const object = {
    spec: { a: [{ n: 1 }, { n: 2 }], 'x.y': 'dotted', on: true },
    status: {
      conditions: [
        { type: 'Ready', status: 'True' },
        { type: 'Live', status: 'False' },
      ],
    },
  };

  test.each([
    ['.spec.a[0].n', [1]],
    ['.spec.a[*].n', [1, 2]],
    ['.spec.a[-1].n', [2]],
    [String.raw`.spec.x\.y`, ['dotted']],
    [`.spec['x.y']`, ['dotted']],
    ['{.spec.on}', [true]],
    ['.status.conditions[?(@.type == "Ready")].status', ['True']],
    [`.status.conditions[?(@.type=='Live')].status`, ['False']],
    ['.spec.missing.deeper', []],
    ['.spec.a[7].n', []],
    ['.spec..n', []],
  ])('%s', (path, values) => {
    expect(valuesAt(object, path)).toEqual(values);
  });
});
