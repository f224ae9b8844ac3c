import type { Identity } from '../cluster/identity.ts';
import type { PartDefinitions, SchemaPart, TypeDefinition } from '../mapping/definitions/definitions.ts';
import type { SchemaState } from './defined-schema.ts';
import { selectedBy, type Wanted, wantedKey } from './layout.ts';
import { loadPossibleTypes, type PossibleTypes, possibleTypesIn } from './possible-types.ts';
import { ReferredTypes } from './referred-types.ts';
import { needsDefinition, type SelectedField } from './selection.ts';

/** What a part's texts are written from. */
export interface LoadedPart {
  readonly definitions: PartDefinitions;
  readonly types: ReferredTypes;
  readonly possibleTypes: PossibleTypes;
}

/** Loads what the parts of one answer are written from, as one identity. What several of them need is loaded once. */
export class PartLoader {
  readonly #state: SchemaState;
  readonly #identity: Identity;
  readonly #wanted: readonly Wanted[];
  readonly #foreign = new Map<string, Promise<TypeDefinition | undefined>>();
  #base: Promise<PartDefinitions> | undefined;
  #possibleTypes: Promise<PossibleTypes> | undefined;

  constructor(state: SchemaState, identity: Identity, wanted: readonly Wanted[]) {
    this.#state = state;
    this.#identity = identity;
    this.#wanted = wanted;
  }

  /** Equal for lists that a part writes alike, whatever the rest of the schema is, and only then. */
  keyOf(part: SchemaPart, wanted: Wanted): string {
    const rest = dependsOnOthers(wanted, part === this.#state.parts[0]) ? this.#state.key : '';
    return JSON.stringify([part.key, rest, wantedKey(wanted)]);
  }

  async load(part: SchemaPart): Promise<LoadedPart> {
    const { schema, parts } = this.#state;
    this.#base ??= schema.definitions(parts[0] as SchemaPart, this.#identity);
    this.#possibleTypes ??= loadPossibleTypes(this.#state, this.#identity, this.#wanted.flatMap(selectedBy));
    const base = await this.#base;
    const possibleTypes = await this.#possibleTypes;
    const definitions = part === parts[0] ? base : await schema.definitions(part, this.#identity);
    const atHand = [...base.types, ...base.shared, ...definitions.types, ...definitions.shared];
    return {
      definitions,
      types: new ReferredTypes(atHand, (name) => this.#foreignType(name)),
      possibleTypes,
    };
  }

  /** A kind that another part has: a set of pods has claims of core's volumes. */
  #foreignType(name: string): Promise<TypeDefinition | undefined> {
    const type = this.#foreign.get(name) ?? this.#state.schema.definition(name, this.#identity);
    this.#foreign.set(name, type);
    return type;
  }
}

/**
 * Whether a part's text depends on what other parts define. Rarely: most selections ask no more of a type that is referred
 * to than its kind and name, which is what makes parts worth keeping.
 */
function dependsOnOthers(wanted: Wanted, hasInterface: boolean): boolean {
  const fields = selectedBy(wanted);
  // Only the base part's interface has possible types of its own.
  const referring =
    wanted.kind === 'rootFields' || hasInterface ? fields : fields.filter(isNot('possibleTypes'));
  return (
    possibleTypesIn(referring).length > 0 || fields.some((field) => field.selection?.fields.some(showsOthers))
  );
}

function isNot(name: string): (field: SelectedField) => boolean {
  return (field) => field.name !== name;
}

/** Whether a field of a type's fields, or something below it, shows more of a type than what its reference says. */
function showsOthers({ name, selection }: SelectedField): boolean {
  if (selection === undefined) return false;
  const isReference = name === 'type' || name === 'ofType';
  return (isReference && needsDefinition(selection)) || selection.fields.some(showsOthers);
}
