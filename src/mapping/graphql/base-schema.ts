import {
  buildASTSchema,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLScalarType,
  isObjectType,
  isScalarType,
  parse,
  specifiedScalarTypes,
} from 'graphql';
import { BASE_SOURCES } from './base-sources.ts';
import { baseSdl } from './base-sdl.ts';
import { EXACT_FLOAT } from './exact-float.ts';
import { SCALARS } from './scalars.ts';

/** The types of base.graphql by name, with the scalars' behaviour and the fields' bindings. Fresh ones for each schema that is built on them. */
export function baseTypes(): ReadonlyMap<string, GraphQLNamedType> {
  const schema = buildASTSchema(parse(baseSdl, { noLocation: true }), {
    assumeValid: true,
    assumeValidSDL: true,
  });
  const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));
  for (const type of types) if (isScalarType(type)) giveBehaviour(type);
  for (const type of types) if (isObjectType(type)) bindFields(type);
  return new Map([...specifiedScalarTypes, ...types, EXACT_FLOAT].map((type) => [type.name, type]));
}

function bindFields(type: GraphQLObjectType): void {
  const fields = type.getFields();
  for (const [name, source] of Object.entries(BASE_SOURCES[type.name] ?? {})) {
    const field = fields[name];
    if (field === undefined) throw new Error(`base.graphql has no field ${type.name}.${name}`);
    field.extensions = { source };
  }
}

function giveBehaviour(type: GraphQLScalarType): void {
  const behaviour = SCALARS[type.name];
  if (behaviour !== undefined) Object.assign(type, behaviour);
}
