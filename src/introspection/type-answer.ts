import type { TypeDefinition } from '../mapping/definitions/definitions.ts';
import { loadPossibleTypes } from './possible-types.ts';
import { ReferredTypes } from './referred-types.ts';
import type { SchemaReader, Sources } from './schema-reader.ts';
import type { Selection } from './selection.ts';
import { standardType } from './standard-definitions.ts';
import { TypeTexts } from './type-texts.ts';

/**
 * The value of `__type` for a type that is no root: its text, or `null`. Loads its document, and those of types it shows.
 *
 * @param sources is told of what was loaded.
 */
export async function typeAnswer(
  schema: SchemaReader,
  sources: Sources,
  typeName: string,
  selection: Selection,
): Promise<string> {
  const find = async (name: string): Promise<TypeDefinition | undefined> =>
    standardType(name) ?? sources.add(await schema.type(name)).definition;
  const definition = await find(typeName);
  if (definition === undefined) return 'null';
  const types = new ReferredTypes([definition], find);
  const possibleTypes = await loadPossibleTypes(schema, sources, selection.fields);
  const texts = new TypeTexts({ typeNamed: types.named, possibleTypes });
  return types.write(() => texts.type(definition, selection));
}
