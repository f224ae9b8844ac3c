import type { SchemaPart, TypeDefinition } from '../mapping/definitions/definitions.ts';
import { ReferredTypes } from './referred-types.ts';
import type { SchemaReader, Sources } from './schema-reader.ts';
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
 *
 * @param sources is told of what was loaded.
 */
export async function loadPossibleTypes(
  schema: SchemaReader,
  sources: Sources,
  fields: readonly SelectedField[],
): Promise<PossibleTypes> {
  const defined = possibleTypesIn(fields).filter(needsDefinition);
  const textsOf = defined.length === 0 ? NO_TEXTS : await definedTexts(schema, sources, defined);
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
  { kindNames }: SchemaReader,
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
  schema: SchemaReader,
  sources: Sources,
  selections: readonly Selection[],
): Promise<ReadonlyMap<Selection, ObjectTexts>> {
  const texts = new Map(selections.map((selection) => [selection, new Map<string, string>()] as const));
  const objects = new Set(schema.kindNames);
  const base = sources.add(await schema.part(schema.parts[0] as SchemaPart));
  for (const part of schema.parts) {
    const { types, shared } = sources.add(await schema.part(part));
    const find = async (name: string): Promise<TypeDefinition | undefined> =>
      sources.add(await schema.type(name)).definition;
    const referred = new ReferredTypes([base.types, types, shared].flat(), find);
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
