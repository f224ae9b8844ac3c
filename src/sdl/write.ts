import { specifiedScalarTypes } from 'graphql';
import type { Identity } from '../cluster/identity.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import type { FieldDefinition, PartDefinitions, TypeDefinition } from '../mapping/definitions/definitions.ts';
import type { GatewaySchema } from '../mapping/gateway-schema.ts';
import type { Operation } from '../mapping/names/resource-fields.ts';
import { byName } from '../util/by-name.ts';
import { mapConcurrently } from '../util/concurrency.ts';
import { printType } from './print-type.ts';
import { withoutDescriptions } from './without-descriptions.ts';

/** Parts that are loaded at the same time: each is up to 2 MB, and all at once would saturate the API server. */
const CONCURRENT_PARTS = 6;

export interface SdlDefinition {
  readonly kind: TypeDefinition['kind'];
  readonly name: string;
  /** Without a line feed at the end. */
  readonly text: string;
}

export interface SdlOptions {
  /** Default true. */
  readonly descriptions?: boolean;
}

interface PrintedPart {
  readonly types: readonly SdlDefinition[];
  readonly shared: readonly SdlDefinition[];
  readonly roots: PartDefinitions['roots'];
}

/**
 * The schema as SDL, definition by definition, the same for the same state of the cluster: base.graphql's types, the
 * root types, then the other parts in their order with the types of each by name. A type that several parts have is
 * where the first of them is.
 *
 * Rejects as `schema.definitions` does, and with UNAVAILABLE where a part's document could not be had: SDL without its fields
 * would say that they are gone.
 */
export async function sdlDefinitions(
  schema: Pick<GatewaySchema, 'parts' | 'definitions'>,
  identity: Identity,
  options: SdlOptions = {},
): Promise<readonly SdlDefinition[]> {
  const print = printerFor(options);
  // Texts are kept and not the definitions: those hold on to the documents they are made from.
  const [base, ...rest] = await mapConcurrently(schema.parts, CONCURRENT_PARTS, async (part) =>
    printPart(await schema.definitions(part, identity), print),
  );
  if (base === undefined) return [];
  const known = new Set(specifiedScalarTypes.map(({ name }) => name));
  const ofPart = (part: PrintedPart): readonly SdlDefinition[] => {
    const types = [...part.types, ...part.shared].filter(({ name }) => !known.has(name)).sort(byName);
    for (const { name } of types) known.add(name);
    return types;
  };
  return [...ofPart(base), ...rootTypes([base, ...rest]).map(print), ...rest.flatMap(ofPart)];
}

/** The text of a document, in pieces of a size to write. Ends with a line feed. */
export function* sdlText(definitions: readonly SdlDefinition[]): Generator<string, void, void> {
  for (let start = 0; start < definitions.length; start += DEFINITIONS_PER_PIECE) {
    const piece = definitions.slice(start, start + DEFINITIONS_PER_PIECE).map(({ text }) => text);
    yield `${start === 0 ? '' : '\n'}${piece.join('\n\n')}\n`;
  }
}

/** Some 100 KB. */
const DEFINITIONS_PER_PIECE = 100;

type Print = (type: TypeDefinition) => SdlDefinition;

function printerFor({ descriptions = true }: SdlOptions): Print {
  return (type) => ({
    kind: type.kind,
    name: type.name,
    text: printType(descriptions ? type : withoutDescriptions(type)),
  });
}

function printPart({ types, shared, roots, problem }: PartDefinitions, print: Print): PrintedPart {
  if (problem !== undefined) throw new KubegraphError('UNAVAILABLE', problem);
  return { types: types.map(print), shared: shared.map(print), roots };
}

function rootTypes(parts: readonly Pick<PartDefinitions, 'roots'>[]): readonly TypeDefinition[] {
  return ROOTS.flatMap(([operation, name]) => {
    const fields = parts.flatMap(({ roots }): readonly FieldDefinition[] => roots[operation]).sort(byName);
    if (fields.length === 0) return [];
    return [
      {
        kind: 'OBJECT',
        name,
        description: undefined,
        interfaces: [],
        fields: () => fields,
        resource: undefined,
      },
    ];
  });
}

const ROOTS: readonly (readonly [Operation, string])[] = [
  ['query', 'Query'],
  ['mutation', 'Mutation'],
  ['subscription', 'Subscription'],
];
