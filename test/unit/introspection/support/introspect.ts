import { gunzipSync } from 'node:zlib';
import {
  type FragmentDefinitionNode,
  execute,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { type Identity, KUBECONFIG_IDENTITY } from '../../../../src/cluster/identity.ts';
import { collectFields, type SelectionContext } from '../../../../src/execution/selections.ts';
import { Introspection } from '../../../../src/introspection/introspection.ts';
import { gzipOf, type Piece } from '../../../../src/introspection/piece.ts';
import { compileIntrospection } from '../../../../src/introspection/selection.ts';
import type { SdlSchema } from './sdl-schema.ts';

export interface IntrospectOptions {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly introspection?: Introspection;
  readonly identity?: Identity;
}

/** The value of the operation's only field, as it is sent. */
export async function introspect(
  schema: SdlSchema,
  query: string,
  options: IntrospectOptions = {},
): Promise<string> {
  return inflated(await introspectPiece(schema, query, options));
}

export function inflated(piece: Piece): string {
  return gunzipSync(Buffer.concat(gzipOf(piece))).toString('utf8');
}

export async function introspectPiece(
  { defined, reference }: SdlSchema,
  query: string,
  {
    variables = {},
    introspection = new Introspection(),
    identity = KUBECONFIG_IDENTITY,
  }: IntrospectOptions = {},
): Promise<Piece> {
  const document = parse(query);
  const invalid = validate(reference, document);
  if (invalid.length > 0) throw new Error(`${query} is not valid: ${String(invalid[0])}`);
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const context: SelectionContext = {
    fragments: new Map((fragments as FragmentDefinitionNode[]).map((each) => [each.name.value, each])),
    variables,
    compiled: undefined,
    budget: { left: 5_000 },
  };
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const root = reference.getQueryType();
  if (root === null || root === undefined) throw new Error('a schema has a query type');
  const [nodes] = collectFields(context, root, [
    (operation as OperationDefinitionNode).selectionSet,
  ]).values();
  const name = nodes?.[0]?.name.value === '__type' ? '__type' : '__schema';
  const reader = {
    variables,
    collect: (...of: [Parameters<typeof collectFields>[1], Parameters<typeof collectFields>[2]]) =>
      collectFields(context, ...of),
  };
  return introspection.answer(defined, identity, compileIntrospection(reader, name, nodes ?? []));
}

/** What graphql-js answers to the same, as JSON. */
export async function referenceText(
  { reference }: SdlSchema,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const { data, errors } = await execute({
    schema: reference,
    document: parse(query),
    variableValues: variables,
  });
  if (errors !== undefined) throw new Error(String(errors[0]));
  return JSON.stringify(Object.values(data ?? {})[0] ?? null);
}
