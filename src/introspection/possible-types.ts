import type { Identity } from '../cluster/identity.ts';
import type { SchemaPart, TypeDefinition } from '../mapping/definitions/definitions.ts';
import type { DefinedSchema, SchemaState } from './defined-schema.ts';
import { ReferredTypes } from './referred-types.ts';
import { needsDefinition, type SelectedField, type Selection } from './selection.ts';
import { TypeTexts } from './type-texts.ts';

/** The only interface that objects of several parts implement. */
const KUBERNETES_OBJECT = 'KubernetesObject';

/** Writes the value of `possibleTypes`, without the brackets. */
export type PossibleTypes = (interfaceName: string, selection: Selection) => string;

/** By type name. */
type ObjectTexts = ReadonlyMap<string, string>;

/**
 * Loads what the selections on `possibleTypes` below some fields need: nothing, as long as the names answer them. Hardly
 * anybody asks for more, and all parts are loaded for it.
 */
export async function loadPossibleTypes(
  state: SchemaState,
  identity: Identity,
  fields: readonly SelectedField[],
): Promise<PossibleTypes> {
  const { schema } = state;
  const defined = possibleTypesIn(fields).filter(needsDefinition);
  const textsOf = defined.length === 0 ? NO_TEXTS : await definedTexts(state, identity, defined);
  const known = new Map<Selection, string>();
  return (interfaceName, selection) => {
    if (interfaceName !== KUBERNETES_OBJECT) return '';
    const text = known.get(selection) ?? namedTexts(schema, selection, textsOf.get(selection)).join(',');
    known.set(selection, text);
    return text;
  };
}

const NO_TEXTS: ReadonlyMap<Selection, ObjectTexts> = new Map();

function namedTexts(
  { kindNames }: DefinedSchema,
  selection: Selection,
  texts: ObjectTexts | undefined,
): readonly string[] {
  if (texts !== undefined) return kindNames.flatMap((name) => texts.get(name) ?? []);
  const writer = new TypeTexts({ typeNamed: nameOnly, possibleTypes: () => '' });
  return kindNames.map((name) => writer.type(nameOnly(name), selection));
}

/** Enough of an object's type for what its name answers. */
function nameOnly(name: string): TypeDefinition {
  return {
    kind: 'OBJECT',
    name,
    description: undefined,
    interfaces: [],
    fields: () => [],
    resource: undefined,
  };
}

async function definedTexts(
  { schema, parts }: SchemaState,
  identity: Identity,
  selections: readonly Selection[],
): Promise<ReadonlyMap<Selection, ObjectTexts>> {
  const texts = new Map(selections.map((selection) => [selection, new Map<string, string>()] as const));
  const objects = new Set(schema.kindNames);
  const base = await schema.definitions(parts[0] as SchemaPart, identity);
  for (const part of parts) {
    const { types, shared } = await schema.definitions(part, identity);
    const referred = new ReferredTypes([base.types, types, shared].flat(), (name) =>
      schema.definition(name, identity),
    );
    // An object has no possible types itself, and a selection that comes to them another way is nested too deeply.
    const writer = new TypeTexts({ typeNamed: referred.named, possibleTypes: () => '' });
    for (const type of types.filter(({ name }) => objects.has(name))) {
      for (const [selection, byName] of texts) {
        byName.set(type.name, await referred.write(() => writer.type(type, selection)));
      }
    }
  }
  return texts;
}

/** All selections on `possibleTypes`, at any depth. */
export function possibleTypesIn(fields: readonly SelectedField[]): readonly Selection[] {
  return fields.flatMap(({ name, selection }) => {
    if (selection === undefined) return [];
    const inner = possibleTypesIn(selection.fields);
    return name === 'possibleTypes' ? [selection, ...inner] : inner;
  });
}
