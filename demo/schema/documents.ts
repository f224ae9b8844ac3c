import type { ServedResource } from '../api/resource.ts';
import { referredDefinitions, withSharedKinds } from './definitions.ts';
import { metaDefinition, referenceTo } from './names.ts';
import { pathsOf } from './paths.ts';
import type { Schema } from './schema.ts';
import { builtIn } from './unpack.ts';

type GroupVersion = { readonly group: string; readonly version: string };

const CORE: GroupVersion = { group: '', version: 'v1' };

/** The OpenAPI v3 document of a built-in group-version. */
export function builtInDocument(
  groupVersion: GroupVersion,
  resources: readonly ServedResource[],
): Readonly<Record<string, unknown>> {
  const paths = pathsOf(groupVersion, resources);
  const isWatchable = resources.some(({ verbs }) => verbs.includes('watch'));
  const schemas = withSharedKinds(
    referredDefinitions([paths, isWatchable ? { $ref: referenceTo(metaDefinition('WatchEvent')) } : {}]),
    groupVersion.group === '' ? [CORE] : [CORE, groupVersion],
  );
  return {
    openapi: '3.0.0',
    info: builtIn().info,
    paths,
    components: {
      schemas,
      securitySchemes: { BearerToken: { type: 'apiKey', name: 'authorization', in: 'header' } },
    },
  };
}

/**
 * The OpenAPI v3 document of a group-version of custom resources.
 *
 * @param schemas the schemas of its kinds and their lists, by definition name.
 */
export function customDocument(
  groupVersion: GroupVersion,
  resources: readonly ServedResource[],
  schemas: Readonly<Record<string, Schema>>,
): Readonly<Record<string, unknown>> {
  const paths = pathsOf(groupVersion, resources);
  const everyGroup = builtIn().groups.flatMap(({ group, versions }) =>
    versions.map(({ version }) => ({ group, version })),
  );
  const referred = withSharedKinds(referredDefinitions([paths, schemas]), everyGroup);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' },
    paths,
    components: { schemas: { ...schemas, ...referred } },
  };
}
