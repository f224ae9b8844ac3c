import type {
  EnumValueDefinition,
  FieldDefinition,
  InputValueDefinition,
  TypeDefinition,
  TypeRef,
} from '../mapping/definitions/definitions.ts';
import { filled, list, object, shown, type Template, templateOf, textOrNull } from './json-texts.ts';
import { below, type SelectedField, type Selection } from './selection.ts';
import type { DirectiveDefinition } from './standard-definitions.ts';

/** What a definition's text depends on beside the definition. */
export interface Surroundings {
  /** A type that is referred to. */
  readonly typeNamed: (name: string) => TypeDefinition;
  /** The texts of the objects that implement an interface, separated by commas. */
  readonly possibleTypes: (interfaceName: string, selection: Selection) => string;
}

type Kind = TypeDefinition['kind'] | 'LIST' | 'NON_NULL';

/** Writes definitions as JSON, member by member as graphql-js answers them. Remembers what types are referred to. */
export class TypeTexts {
  readonly #surroundings: Surroundings;
  /** By selection: there are some hundred thousand fields, and few types that they have. */
  readonly #references = new Map<Selection, Map<TypeRef, string>>();
  /** Root fields, of which there are some ten thousand, share their arguments. */
  readonly #arguments = new Map<Selection, Map<InputValueDefinition, string>>();
  readonly #templates = new Map<Selection, Map<TypeRef, Template>>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  type(definition: TypeDefinition, selection: Selection): string {
    return object(selection, (field) => this.typeMember(definition, field));
  }

  /** One of the fields that `shown` leaves. */
  field(definition: FieldDefinition, selection: Selection): string {
    const member = (field: SelectedField): string => this.#fieldMember(definition, selection, field);
    const isPlain = definition.args.length === 0 && definition.deprecated === undefined;
    return isPlain ? this.#fromTemplate(definition, selection, member) : object(selection, member);
  }

  #fieldMember(definition: FieldDefinition, selection: Selection, field: SelectedField): string {
    switch (field.name) {
      case 'args':
        return `[${list(shown(definition.args, field), field, this.#argument)}]`;
      case 'type':
        return this.#reference(definition.type, below(field));
      default:
        return described(definition, selection, field);
    }
  }

  directive(definition: DirectiveDefinition, selection: Selection): string {
    return object(selection, (field) => {
      switch (field.name) {
        case 'isRepeatable':
          return String(definition.isRepeatable);
        case 'locations':
          return JSON.stringify(definition.locations);
        case 'args':
          return `[${this.#inputValues(definition.args, field)}]`;
        default:
          return described(definition, selection, field);
      }
    });
  }

  /** The value of one field of `__Type`. */
  typeMember(definition: TypeDefinition, field: SelectedField): string {
    const { kind } = definition;
    switch (field.name) {
      case '__typename':
        return '"__Type"';
      case 'kind':
        return `"${kind}"`;
      case 'name':
        return `"${definition.name}"`;
      case 'description':
        return textOrNull(definition.description);
      case 'specifiedByURL':
        return kind === 'SCALAR' ? textOrNull(definition.specifiedBy) : 'null';
      case 'fields':
        return kind === 'OBJECT' || kind === 'INTERFACE'
          ? `[${this.#fields(definition.fields(), field)}]`
          : 'null';
      case 'interfaces':
        return this.#interfaces(definition, field);
      case 'possibleTypes':
        return kind === 'INTERFACE'
          ? `[${this.#surroundings.possibleTypes(definition.name, below(field))}]`
          : 'null';
      case 'enumValues':
        return kind === 'ENUM' ? `[${list(definition.values, field, enumValue)}]` : 'null';
      case 'inputFields':
        return kind === 'INPUT_OBJECT' ? `[${this.#inputValues(definition.fields(), field)}]` : 'null';
      case 'isOneOf':
        return kind === 'INPUT_OBJECT' ? 'false' : 'null';
      default:
        return 'null';
    }
  }

  #interfaces(definition: TypeDefinition, field: SelectedField): string {
    if (definition.kind === 'INTERFACE') return '[]';
    if (definition.kind !== 'OBJECT') return 'null';
    return `[${definition.interfaces.map((name) => this.#reference(name, below(field))).join(',')}]`;
  }

  #fields(definitions: readonly FieldDefinition[], field: SelectedField): string {
    return list(shown(definitions, field), field, (each, selection) => this.field(each, selection));
  }

  #inputValues(definitions: readonly InputValueDefinition[], field: SelectedField): string {
    return list(shown(definitions, field), field, (each, selection) => this.#inputValue(each, selection));
  }

  readonly #argument = (definition: InputValueDefinition, selection: Selection): string => {
    const known = bySelection(this.#arguments, selection);
    const text = known.get(definition) ?? this.#inputValue(definition, selection);
    known.set(definition, text);
    return text;
  };

  #inputValue(definition: InputValueDefinition, selection: Selection): string {
    const member = (field: SelectedField): string => this.#inputValueMember(definition, selection, field);
    const isPlain = definition.defaultValue === undefined && definition.deprecated === undefined;
    return isPlain ? this.#fromTemplate(definition, selection, member) : object(selection, member);
  }

  #inputValueMember(definition: InputValueDefinition, selection: Selection, field: SelectedField): string {
    switch (field.name) {
      case 'type':
        return this.#reference(definition.type, below(field));
      case 'defaultValue':
        return textOrNull(definition.defaultValue);
      default:
        return described(definition, selection, field);
    }
  }

  /** For what differs from others of its type in its name and description only. */
  #fromTemplate(
    definition: Described & { readonly type: TypeRef },
    selection: Selection,
    member: (field: SelectedField) => string,
  ): string {
    const known = bySelection(this.#templates, selection);
    let template = known.get(definition.type);
    if (template === undefined) known.set(definition.type, (template = templateOf(selection, member)));
    return filled(template, definition);
  }

  #reference(type: TypeRef, selection: Selection): string {
    const known = bySelection(this.#references, selection);
    const text = known.get(type) ?? this.#referenceText(type, selection);
    known.set(type, text);
    return text;
  }

  #referenceText(type: TypeRef, selection: Selection): string {
    if (type.endsWith('!')) return this.#wrapping('NON_NULL', type.slice(0, -1), selection);
    if (type.startsWith('[')) return this.#wrapping('LIST', type.slice(1, -1), selection);
    // Most clients want no more than the kind and the name, but even that is in the definition.
    return this.type(this.#surroundings.typeNamed(type), selection);
  }

  #wrapping(kind: Kind, of: TypeRef, selection: Selection): string {
    return object(selection, (field) => {
      if (field.name === 'kind') return `"${kind}"`;
      if (field.name === '__typename') return '"__Type"';
      return field.name === 'ofType' ? this.#reference(of, below(field)) : 'null';
    });
  }
}

interface Described {
  readonly name: string;
  readonly description: string | undefined;
  readonly deprecated?: string | undefined;
}

/** What fields, arguments, enum values and directives have in common. */
function described(definition: Described, { typeName }: Selection, { name }: SelectedField): string {
  switch (name) {
    case 'name':
      return `"${definition.name}"`;
    case 'description':
      return textOrNull(definition.description);
    case 'isDeprecated':
      return definition.deprecated === undefined ? 'false' : 'true';
    case 'deprecationReason':
      return textOrNull(definition.deprecated);
    case '__typename':
      return `"${typeName}"`;
    default:
      throw new Error(`introspection has a new field: ${typeName}.${name}`);
  }
}

function enumValue(definition: EnumValueDefinition, selection: Selection): string {
  return object(selection, (field) => described(definition, selection, field));
}

function bySelection<K, V>(maps: Map<Selection, Map<K, V>>, selection: Selection): Map<K, V> {
  const known = maps.get(selection) ?? new Map<K, V>();
  maps.set(selection, known);
  return known;
}
