import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../../../src/catalog/resource.ts';
import { objectIdOf, parseObjectId } from '../../../src/execution/computed-fields.ts';
import { idOutput } from '../../../src/execution/object-program.ts';
import type { ObjectProgram, Output } from '../../../src/projection/program.ts';
import { compileProgram } from '../../../src/projection/project.ts';
import { encodeProgram } from '../../../src/projection/wasm/encode-program.ts';
import { WasmScanner } from '../../../src/projection/wasm/wasm-scanner.ts';
import { chunksOf, fuzz, FUZZ_TIMEOUT_MS, leaf, nested, program, scanList } from '../projection/helpers.ts';

const ROLES: Resource = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'Role',
  resource: 'roles',
  singular: 'role',
  namespaced: true,
  verbs: ['get', 'list'],
  shortNames: [],
  categories: [],
  subresources: [],
};
const id = idOutput('id', ROLES);

/** How many of the items the module reads itself. */
function itemsRead(of: ObjectProgram, items: readonly string[]): number {
  const scanner = new WasmScanner();
  const encoded = encodeProgram(compileProgram(of), scanner.programBase, scanner.maxProgramBytes);
  const source = Buffer.from(`${items.join(',')}]`);
  return scanner.scan(source, 0, source.length, encoded, true).items;
}

function answersOf(of: ObjectProgram, items: readonly string[]): unknown {
  const { texts } = scanList('wasm', [of], `{"items":[${items.join(',')}]}`);
  return JSON.parse(`[${texts.join('')}]`);
}

describe('an id', () => {
  it('is written by the module, and means the object', () => {
    const items = ['', 'a', 'ab', 'abc', 'system:node', 'x'.repeat(253)].flatMap((namespace) =>
      ['n', 'na', 'nam', 'name.with-all~kinds?of>signs'].map((name) =>
        JSON.stringify({ metadata: { name, ...(namespace === '' ? {} : { namespace }), uid: '1' } }),
      ),
    );
    expect(itemsRead(program(id), items)).toBe(items.length);
    const answers = answersOf(program(id), items) as readonly { readonly id: string }[];
    for (const [i, answer] of answers.entries()) {
      const { metadata } = JSON.parse(items[i] as string) as { metadata: Record<string, string> };
      expect(parseObjectId(answer.id)).toEqual({
        group: ROLES.group,
        version: 'v1',
        resource: 'roles',
        namespace: metadata['namespace'] ?? '',
        name: metadata['name'],
      });
    }
  });

  it.each([
    ['an object without metadata', '{"kind":"Role"}'],
    ['a template, which has no name', '{"metadata":{"labels":{"a":"b"}}}'],
    ['a name of other characters than ASCII', '{"metadata":{"name":"漢字"}}'],
    ['a name with an escape', '{"metadata":{"name":"a\\u0062"}}'],
    ['a namespace that is null', '{"metadata":{"name":"a","namespace":null}}'],
    ['a name that no object can have', `{"metadata":{"name":"${'x'.repeat(2000)}"}}`],
  ])('of %s is left to the other engine', (_, item) => {
    expect(itemsRead(program(id), [item])).toBe(0);
    expect(answersOf(program(id), [item])).toEqual([{ id: objectIdOf(ROLES, Buffer.from(item)) }]);
  });

  it('does not make the module decline, wherever in the selection it is', () => {
    const item = '{"kind":"Role","metadata":{"name":"a"},"rules":[1],"status":{"x":1}}';
    const metadata = nested('metadata', program('name'));
    for (const of of [
      program(id, 'kind', metadata, 'rules', 'status'),
      program('status', 'rules', metadata, 'kind', id),
      program('kind', 'absent', id, metadata, 'rules'),
    ])
      expect(itemsRead(of, [item, item])).toBe(2);
  });
});

describe('an edge', () => {
  it('is written by the module as long as it has no cursor', () => {
    const node: Output = { kind: 'self', responseName: 'node', program: program(id, 'kind') };
    const typeName: Output = { kind: 'literal', responseName: '__typename', json: '"RoleEdge"' };
    const items = ['{"kind":"Role","metadata":{"name":"a"}}', '{"metadata":{"name":"b"}}'];
    expect(itemsRead(program(node, typeName), items)).toBe(2);
    expect(itemsRead(program(typeName, node, { ...node, responseName: 'again' }), items)).toBe(2);
  });

  it('cannot read keys of the object beside its node', () => {
    const node: Output = { kind: 'self', responseName: 'node', program: program('kind') };
    expect(() => compileProgram(program(node, 'kind'))).toThrow(TypeError);
  });
});

const NAME = fc.oneof(
  { arbitrary: fc.constantFrom('"a"', '"web-0"', '"system:node"', '"kube-root-ca.crt"'), weight: 6 },
  fc.constantFrom('""', 'null', '7', '"\\u0061"', '"é"', '"a\\"b"', '"\u007f"', `"${'x'.repeat(1100)}"`),
);

function objectText(members: Readonly<Record<string, fc.Arbitrary<string>>>): fc.Arbitrary<string> {
  const member = fc.oneof(
    ...Object.entries(members).map(([key, value]) => value.map((text) => `"${key}":${text}`)),
  );
  return fc.array(member, { maxLength: 7 }).map((texts) => `{${texts.join(', ')}}`);
}

const METADATA = objectText({
  name: NAME,
  namespace: NAME,
  uid: fc.constantFrom('"1"', '""'),
  managedFields: fc.constant('[{"f:a":{"name":"no"}}]'),
});

const ITEM = objectText({
  metadata: fc.oneof({ arbitrary: METADATA, weight: 6 }, fc.constantFrom('null', '[]', '{ }')),
  kind: fc.constant('"Role"'),
  spec: fc.constantFrom('{"a":[1]}', '{"metadata":{"name":"inner"}}', 'null'),
});

const OUTPUT = fc.constantFrom<Output>(
  id,
  leaf('kind'),
  leaf('metadata', 'all'),
  nested('metadata', program('name', id), { required: true }),
  nested('spec', program('a', id)),
  { kind: 'literal', responseName: '__typename', json: '"RbacV1Role"' },
);

const PROGRAM = fc
  .array(OUTPUT, { minLength: 1, maxLength: 5 })
  .map((outputs) => program(...outputs.map((output, i) => ({ ...output, responseName: `r${i}` }))));

describe('ids and edges', { timeout: FUZZ_TIMEOUT_MS }, () => {
  it('are the same from both engines, for any list in any chunks', () => {
    fc.assert(
      fc.property(PROGRAM, fc.boolean(), fc.array(ITEM), fc.array(fc.nat()), (inner, isEdge, items, cuts) => {
        const of = isEdge ? program({ kind: 'self', responseName: 'node', program: inner }) : inner;
        const body = Buffer.from(`{"items":[${items.join(' ,')}]}`);
        const [wasm, javascript] = (['wasm', 'javascript'] as const).map(
          (engine) => scanList(engine, [of], chunksOf(body, cuts)).texts,
        );
        expect(wasm).toEqual(javascript);
        const nodes = scanList('javascript', [inner], [Buffer.from(body)]).texts.join('');
        const edges = (JSON.parse(`[${nodes}]`) as readonly unknown[]).map((node) => ({ node }));
        if (isEdge) expect(JSON.parse(`[${wasm?.join('')}]`)).toEqual(edges);
      }),
      fuzz,
    );
  });
});
