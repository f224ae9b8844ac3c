import type {
  FoundDefinition,
  PartDefinitions,
  Passing,
  SchemaPart,
  TypeDefinition,
} from '../mapping/definitions/definitions.ts';
import { selectedBy, type Wanted, wantedKey } from './layout.ts';
import { loadPossibleTypes, type PossibleTypes, possibleTypesIn } from './possible-types.ts';
import { ReferredTypes } from './referred-types.ts';
import { type SchemaReader, Sources } from './schema-reader.ts';
import { needsDefinition, type SelectedField } from './selection.ts';

/** What a part's texts are written from. */
export interface LoadedPart {
  readonly definitions: PartDefinitions;
  readonly types: ReferredTypes;
  readonly possibleTypes: PossibleTypes;
  /** Of all that, and of what has been written from it. */
  readonly sources: Passing;
}

/** Loads what the parts of one answer are written from. What several of them need is loaded once. */
export class PartLoader {
  readonly #schema: SchemaReader;
  readonly #wanted: readonly Wanted[];
  readonly #foreign = new Map<string, Promise<FoundDefinition>>();
  #base: Promise<PartDefinitions> | undefined;
  readonly #possibleTypesSources = new Sources();
  #possibleTypes: Promise<PossibleTypes> | undefined;

  constructor(schema: SchemaReader, wanted: readonly Wanted[]) {
    this.#schema = schema;
    this.#wanted = wanted;
  }

  /** Equal for lists that a part writes alike, whatever the rest of the schema is, and only then. */
  keyOf(part: SchemaPart, wanted: Wanted): string {
    const rest = dependsOnOthers(wanted, part === this.#schema.parts[0]) ? this.#schema.key : '';
    return JSON.stringify([part.key, rest, wantedKey(wanted)]);
  }

  async load(part: SchemaPart): Promise<LoadedPart> {
    const sources = new Sources();
    const base = sources.add(await this.#baseDefinitions());
    const possibleTypes = await this.#loadPossibleTypes();
    sources.add(this.#possibleTypesSources);
    const isBase = part === this.#schema.parts[0];
    const definitions = isBase ? base : sources.add(await this.#schema.part(part));
    const atHand = [...base.types, ...base.shared, ...definitions.types, ...definitions.shared];
    const find = async (name: string): Promise<TypeDefinition | undefined> =>
      sources.add(await this.#foreignType(name)).definition;
    return { definitions, types: new ReferredTypes(atHand, find), possibleTypes, sources };
  }

  #baseDefinitions(): Promise<PartDefinitions> {
    this.#base ??= this.#schema.part(this.#schema.parts[0] as SchemaPart);
    return this.#base;
  }

  #loadPossibleTypes(): Promise<PossibleTypes> {
    const fields = this.#wanted.flatMap(selectedBy);
    this.#possibleTypes ??= loadPossibleTypes(this.#schema, this.#possibleTypesSources, fields);
    return this.#possibleTypes;
  }

  /** A kind that another part has: a set of pods has claims of core's volumes. */
  #foreignType(name: string): Promise<FoundDefinition> {
    const type = this.#foreign.get(name) ?? this.#schema.type(name);
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
