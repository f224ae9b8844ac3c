import {
  buildASTSchema,
  type GraphQLNamedType,
  type GraphQLScalarType,
  isScalarType,
  parse,
  specifiedScalarTypes,
} from 'graphql';
import { baseSdl } from './base-sdl.ts';
import { SCALARS } from './scalars.ts';

/** The types of base.graphql by name, with the scalars' behaviour. Fresh ones for each schema that is built on them. */
export function baseTypes(): ReadonlyMap<string, GraphQLNamedType> {
  const schema = buildASTSchema(parse(baseSdl, { noLocation: true }), {
    assumeValid: true,
    assumeValidSDL: true,
  });
  const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith('__'));
  for (const type of types) if (isScalarType(type)) giveBehaviour(type);
  for (const type of specifiedScalarTypes) if (!types.includes(type)) types.push(type);
  return new Map(types.map((type) => [type.name, type]));
}

function giveBehaviour(type: GraphQLScalarType): void {
  const behaviour = SCALARS[type.name];
  if (behaviour !== undefined) Object.assign(type, behaviour);
}
