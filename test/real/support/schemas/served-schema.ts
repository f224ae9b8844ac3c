import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Catalog } from '../../../../src/catalog/catalog.ts';
import { parseApiVersion } from '../../../../src/catalog/resource.ts';
import { KUBECONFIG_IDENTITY } from '../../../../src/cluster/identity.ts';
import type { SchemaPart, TypeDefinition } from '../../../../src/mapping/definitions/definitions.ts';
import { GatewaySchema } from '../../../../src/mapping/gateway-schema.ts';
import { DEFAULT_SCHEMA_OPTIONS, type SchemaOptions } from '../../../../src/mapping/schema-options.ts';
import { createApiClient } from '../../../cluster/api.ts';
import type { Cluster } from '../../../cluster/cluster.ts';
import { layoutOf } from '../../../cluster/layout.ts';
import { readCrds } from '../../../cluster/manifests.ts';
import { catalogsOf, readServedApi, servedByDefinitions, type ServedApi, together } from './served-api.ts';

/** Too many to install for every run. */
const MANY_CRDS = fileURLToPath(
  new URL('../../../../../shared/data/crds-upjet-aws.ndjson.gz', import.meta.url),
);

/** Everything, alpha versions too. */
export const EVERYTHING: SchemaOptions = { ...DEFAULT_SCHEMA_OPTIONS, stability: 'ALPHA' };

/** All that a cluster serves, and what it would serve with hundreds of custom resource definitions more. */
async function readEverything(cluster: Cluster): Promise<ServedApi> {
  const file = process.env['KUBEGRAPH_MANY_CRDS'] ?? MANY_CRDS;
  if (!existsSync(file)) {
    throw new Error(`no custom resource definitions at ${file}: name a file of them in KUBEGRAPH_MANY_CRDS`);
  }
  const client = await createApiClient(layoutOf(cluster.dir), cluster.server);
  try {
    return together(await readServedApi(client), servedByDefinitions(await readCrds([file])));
  } finally {
    client.close();
  }
}

/** The parts of a schema with their definitions, and all types by name. */
export interface DefinedSchema {
  readonly types: ReadonlyMap<string, TypeDefinition>;
  readonly parts: readonly DefinedPart[];
}

export interface DefinedPart {
  /** The `apiVersion`; empty for base.graphql. */
  readonly name: string;
  readonly types: readonly TypeDefinition[];
  readonly shared: readonly TypeDefinition[];
  readonly roots: Awaited<ReturnType<GatewaySchema['definitions']>>['roots'];
}

/** @param group only this group's parts. Default: all. */
export async function define(schema: GatewaySchema, group?: string): Promise<DefinedSchema> {
  const parts: DefinedPart[] = [];
  const types = new Map<string, TypeDefinition>();
  const isWanted = ({ name }: SchemaPart) => group === undefined || parseApiVersion(name).group === group;
  for (const part of schema.parts.filter(isWanted)) {
    const definitions = await schema.definitions(part, KUBECONFIG_IDENTITY);
    parts.push({ name: part.name, ...definitions });
    for (const type of [...definitions.types, ...definitions.shared]) {
      if (!types.has(type.name)) types.set(type.name, type);
    }
  }
  return { types, parts };
}

export interface ServedSchema {
  readonly api: ServedApi;
  /** A catalogue of all groups, or of those that are chosen. */
  readonly catalog: (isServed?: (group: string) => boolean) => Catalog;
  readonly defined: DefinedSchema;
}

export async function servedSchema(cluster: Cluster): Promise<ServedSchema> {
  const api = await readEverything(cluster);
  const catalog = catalogsOf(api);
  return { api, catalog, defined: await define(new GatewaySchema(catalog(), EVERYTHING)) };
}
