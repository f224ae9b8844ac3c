import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  print,
} from 'graphql';

/** A field, an argument, a field of an input type or a value of an enum, as far as two of them can be compared. */
export interface Member {
  readonly kind: 'FIELD' | 'ARG' | 'INPUT_FIELD' | 'ENUM_VALUE';
  readonly description: string | null | undefined;
  /** The reason. */
  readonly deprecated: string | undefined;
  /** As SDL writes it; empty for a value of an enum. */
  readonly type: string;
  /** As the document writes it. */
  readonly defaultValue: string | undefined;
}

/** The members of a type by the place that graphql-js' finders name them with: `Pod.spec`, `Query.pods arg first`. */
export function membersOf(type: GraphQLNamedType): ReadonlyMap<string, Member> {
  const members = new Map<string, Member>();
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      const place = `${type.name}.${field.name}`;
      members.set(place, {
        ...textsOf(field),
        kind: 'FIELD',
        type: String(field.type),
        defaultValue: undefined,
      });
      for (const argument of field.args)
        members.set(`${place} arg ${argument.name}`, inputMember('ARG', argument));
    }
  } else if (isInputObjectType(type)) {
    for (const field of Object.values(type.getFields()))
      members.set(`${type.name}.${field.name}`, inputMember('INPUT_FIELD', field));
  } else if (isEnumType(type)) {
    for (const value of type.getValues())
      members.set(`${type.name}.${value.name}`, {
        ...textsOf(value),
        kind: 'ENUM_VALUE',
        type: '',
        defaultValue: undefined,
      });
  }
  return members;
}

function inputMember(kind: 'ARG' | 'INPUT_FIELD', value: GraphQLArgument | GraphQLInputField): Member {
  const literal = value.astNode?.defaultValue;
  return {
    ...textsOf(value),
    kind,
    type: String(value.type),
    defaultValue: literal === undefined ? undefined : print(literal),
  };
}

interface Texts {
  readonly description?: string | null | undefined;
  readonly deprecationReason?: string | null | undefined;
}

function textsOf({ description, deprecationReason }: Texts): Pick<Member, 'description' | 'deprecated'> {
  return { description, deprecated: deprecationReason ?? undefined };
}
