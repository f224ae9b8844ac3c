import { buildSchema, validateSchema } from 'graphql';
import { KUBECONFIG_IDENTITY } from '../../../../src/cluster/identity.ts';
import type { GatewaySchema } from '../../../../src/mapping/gateway-schema.ts';
import { sdlDefinitions } from '../../../../src/sdl/write.ts';
import type { DefinedSchema } from './served-schema.ts';
import { textOfDefinition, textOfType } from './type-text.ts';

/** Loads one group-version, if it has any resource. */
export async function load(gateway: GatewaySchema, apiVersion: string): Promise<void> {
  const [resource] = gateway.names.byGroupVersion.get(apiVersion) ?? [];
  if (resource !== undefined) await gateway.typeOf(resource, KUBECONFIG_IDENTITY);
}

/** The types of these group-versions that are not what their definitions say, each looked at as soon as it is loaded. */
export async function differingWhenLoaded(
  gateway: GatewaySchema,
  inOrder: readonly string[],
  { parts, types }: DefinedSchema,
): Promise<readonly string[]> {
  const differing: string[] = [];
  for (const apiVersion of inOrder) {
    await load(gateway, apiVersion);
    const part = parts.find(({ name }) => name === apiVersion);
    if (part === undefined) throw new Error(`there is no part ${apiVersion}`);
    for (const { name } of [...part.types, ...part.shared]) {
      const type = gateway.schema.getType(name);
      const definition = types.get(name);
      const isSame =
        type !== undefined && definition !== undefined && textOfType(type) === textOfDefinition(definition);
      if (!isSame) differing.push(name);
    }
  }
  return differing;
}

/** What graphql-js finds wrong with a schema's SDL. Throws for types that are not defined, or twice. */
export async function sdlProblems(gateway: GatewaySchema, descriptions: boolean): Promise<readonly string[]> {
  const definitions = await sdlDefinitions(gateway, KUBECONFIG_IDENTITY, { descriptions });
  const schema = buildSchema(definitions.map(({ text }) => text).join('\n'), { noLocation: true });
  return validateSchema(schema).map(({ message }) => message);
}
