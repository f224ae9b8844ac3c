import { readFileSync } from 'node:fs';
import { type GraphQLScalarType, isScalarType, isSpecifiedScalarType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { baseTypes } from '../../../src/mapping/graphql/base-schema.ts';
import { SCALARS } from '../../../src/mapping/graphql/scalars.ts';
import { testEngine } from '../support/test-engine.ts';

const PAGE = readFileSync(new URL('../../../docs/reference/scalars.md', import.meta.url), 'utf8');
const PAGE_URL = 'https://kubegraph.dev/scalars';

/** The scalars of base.graphql. */
function ownScalars(): readonly GraphQLScalarType[] {
  return [...baseTypes().values()].filter(
    (type): type is GraphQLScalarType => isScalarType(type) && !isSpecifiedScalarType(type),
  );
}

const NAMES = ownScalars().map(({ name }) => name);

/** The page's headings, and the fragments under which a browser finds them. */
function headings(): readonly { readonly text: string; readonly fragment: string }[] {
  return [...PAGE.matchAll(/^## (.+)$/gm)].map(([, text = '']) => ({
    text,
    fragment: text.toLowerCase().replaceAll(' ', '-'),
  }));
}

describe('the page about scalars', () => {
  it('has a chapter on each, in the order of the schema, and one on TypeScript', () => {
    expect(headings().map(({ text }) => text)).toEqual([...NAMES, 'TypeScript']);
  });

  it.each(NAMES)('says what %s is in answers and as input', (name) => {
    const chapter = PAGE.split(/^## /m).find((text) => text.startsWith(`${name}\n`));
    expect(chapter).toMatch(/^- Answers: .+^- Input: .+/ms);
  });

  it('gives each a TypeScript type', () => {
    const mapping = /const scalars = \{\n(.*?)\n\};/s.exec(PAGE)?.[1] ?? '';
    expect([...mapping.matchAll(/^ {2}(\w+): /gm)].map(([, name]) => name)).toEqual(NAMES);
  });
});

describe('a scalar of the schema', () => {
  it('has rules of its own', () => {
    expect(Object.keys(SCALARS)).toEqual(NAMES);
  });

  it.each(ownScalars().map((type) => [type.name, type] as const))(
    '%s points to its chapter',
    (name, type) => {
      const chapter = headings().find(({ text }) => text === name);
      expect(type.specifiedByURL).toBe(`${PAGE_URL}#${chapter?.fragment}`);
    },
  );

  it('shows in introspection where it is specified; those of GraphQL itself do not', async () => {
    const { run } = await testEngine();
    const { data } = await run(
      '{ int64: __type(name: "Int64") { specifiedByURL } string: __type(name: "String") { specifiedByURL } }',
    );
    expect(data).toEqual({
      int64: { specifiedByURL: `${PAGE_URL}#int64` },
      string: { specifiedByURL: null },
    });
  });
});
