import { describe, expect, test } from 'vitest';
import { parseJson, printJson } from '../../../../demo/api/json.ts';
import type { KubeObject } from '../../../../demo/api/object.ts';
import { ApiError } from '../../../../demo/api/status.ts';
import type { Definition } from '../../../../demo/schema/definition.ts';
import { prepare } from '../../../../demo/schema/prepare.ts';
import { publishedSchemas } from '../../../../demo/schema/published.ts';
import type { FieldError } from '../../../../demo/schema/schema.ts';
import { validate } from '../../../../demo/schema/validate.ts';
import { errorsOf, prepareText, recorded, source } from './support.ts';

interface Answer {
  readonly message?: string;
  readonly warnings?: readonly string[];
  readonly causes?: readonly FieldError[];
  readonly spec?: unknown;
}

interface Recorded {
  readonly apiVersion: string;
  readonly kind: string;
  readonly text: string;
  readonly want: Answer;
}

interface Created {
  readonly text: string;
  readonly want: KubeObject;
}

/** Long bodies as test names: what differs is at their end. */
function titleOf({ kind, text }: Pick<Recorded, 'text'> & { readonly kind?: string }): string {
  return `${kind ?? 'custom'} …${text.slice(-90)}`;
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  }
  return 'no error';
}

const titled = <Line extends Pick<Recorded, 'text'>>(lines: readonly Line[]): readonly [string, Line][] =>
  lines.map((line) => [titleOf(line), line]);

describe('decoding says what the real server says', () => {
  test.each(titled(recorded('decoding') as readonly Recorded[]))(
    '%s',
    (_, { apiVersion, kind, text, want }) => {
      if (want.message !== undefined) {
        expect(messageOf(() => prepareText(apiVersion, kind, text))).toBe(want.message);
      } else {
        expect(prepareText(apiVersion, kind, text).problems.map((problem) => problem.text)).toEqual(
          want.warnings,
        );
      }
    },
  );
});

describe('wrong values of built-in kinds have the causes that the real server gives', () => {
  const lines = [...recorded('values'), ...recorded('definitions')] as readonly Recorded[];
  test.each(titled(lines))('%s', (_, { apiVersion, kind, text, want }) => {
    expect(errorsOf(prepareText(apiVersion, kind, text).object)).toEqual(want.causes);
  });
});

// Without what comes later: status, what admission adds, addresses and ports that are handed out.
describe('objects have the defaults that the real server gives', () => {
  test.each(titled(recorded('created') as readonly Created[]))('%s', (_, { text, want }) => {
    expect(prepareText(want.apiVersion, want.kind, text).object).toEqual(want);
  });
});

describe('custom resources are pruned, defaulted and validated as by the real server', () => {
  const [definition, ...lines] = recorded('custom') as [Definition, ...Recorded[]];
  const [version] = definition.spec.versions;
  const schema = version && Object.values(publishedSchemas(definition, version))[0];
  test.each(titled(lines))('%s', (_, { text, want }) => {
    const prepared = () => prepare({ source, schema, object: parseJson(text), isCustom: true, text });
    if (want.message !== undefined) {
      expect(messageOf(prepared)).toBe(want.message);
      return;
    }
    const { object, problems } = prepared();
    expect(problems.map((problem) => problem.text)).toEqual(want.warnings);
    expect(validate({ source, schema, object, isCustom: true })).toEqual(want.causes ?? []);
    if (want.spec !== undefined) expect(parseJson(printJson(object.spec))).toEqual(want.spec);
  });
});
