import type { Identity } from '../cluster/identity.ts';
import type { TypeDefinition } from '../mapping/definitions/definitions.ts';
import type { SchemaState } from './defined-schema.ts';
import { loadPossibleTypes } from './possible-types.ts';
import { ReferredTypes } from './referred-types.ts';
import type { Selection } from './selection.ts';
import { standardType } from './standard-definitions.ts';
import { TypeTexts } from './type-texts.ts';

/** The value of `__type` for a type that is no root: its text, or `null`. Loads its document, and those of types it shows. */
export async function typeAnswer(
  state: SchemaState,
  identity: Identity,
  typeName: string,
  selection: Selection,
): Promise<string> {
  const find = async (name: string): Promise<TypeDefinition | undefined> =>
    standardType(name) ?? state.schema.definition(name, identity);
  const definition = await find(typeName);
  if (definition === undefined) return 'null';
  const types = new ReferredTypes([definition], find);
  const possibleTypes = await loadPossibleTypes(state, identity, selection.fields);
  const texts = new TypeTexts({ typeNamed: types.named, possibleTypes });
  return types.write(() => texts.type(definition, selection));
}
