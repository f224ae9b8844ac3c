import { Catalogs } from '../catalog/catalog.ts';
import { Deprecations } from '../catalog/deprecations/deprecations.ts';
import { probeDeprecations } from '../catalog/deprecations/probe-deprecations.ts';
import { type Resource, stabilityOf } from '../catalog/resource.ts';
import { KUBECONFIG_IDENTITY } from '../cluster/identity.ts';
import { GatewaySchema } from '../mapping/gateway-schema.ts';
import type { SchemaOptions } from '../mapping/schema-options.ts';
import { type SdlDefinition, sdlDefinitions, type SdlOptions, sdlText } from '../sdl/write.ts';
import { jsonLines } from '../util/log.ts';
import { type ClusterOptions, connectCluster } from './cluster-connection.ts';
import { namingServer } from './cluster-target.ts';
import { UsageError } from './command.ts';
import { withDemoCluster } from './demo-cluster.ts';
import { writeOutput } from './output.ts';
import type { DiffOptions } from './schema-diff.ts';
import { schemaWarnings } from './schema-warnings.ts';

export interface PrintOptions {
  readonly cluster: Omit<ClusterOptions, 'mode' | 'readOnly'> | 'demo';
  readonly schema: SchemaOptions;
  readonly sdl: SdlOptions;
  /** Compares instead of printing. */
  readonly diff: Omit<DiffOptions, keyof SdlOptions> | undefined;
  /** The path of a file. Default: stdout. */
  readonly output: string | undefined;
}

/** Prints a cluster's schema, or how it differs from a file. Answers the process' exit code. */
export async function printSchema(options: PrintOptions): Promise<number> {
  const { cluster, sdl, diff, output } = options;
  const definitions =
    cluster === 'demo' ? await demoDefinitions(options) : await definitionsOf(cluster, options);
  if (diff === undefined) {
    await writeOutput(output, sdlText(definitions));
    return 0;
  }
  // Only this needs the half of graphql-js that builds and compares schemas.
  const { diffSchema } = await import('./schema-diff.ts');
  const { report, exitCode } = await diffSchema(definitions, { ...sdl, ...diff });
  await writeOutput(output, [report]);
  return exitCode;
}

const log = jsonLines((line) => process.stderr.write(line));

function demoDefinitions(options: PrintOptions): Promise<readonly SdlDefinition[]> {
  return withDemoCluster({ seed: 1, quiet: true }, log, (_, kubeconfig) =>
    definitionsOf({ kubeconfig, context: undefined, execPolicy: 'deny', useCache: false }, options),
  );
}

async function definitionsOf(
  cluster: Omit<ClusterOptions, 'mode' | 'readOnly'>,
  { schema: options, sdl }: PrintOptions,
): Promise<readonly SdlDefinition[]> {
  const { target, upstream, cache } = connectCluster({ ...cluster, mode: 'kubeconfig', readOnly: true }, log);
  try {
    const catalog = await new Catalogs({ upstream, cache }).get(KUBECONFIG_IDENTITY);
    const deprecations = new Deprecations();
    const schema = new GatewaySchema(catalog, options, deprecations);
    await probeDeprecations(
      upstream,
      KUBECONFIG_IDENTITY,
      schema.names.resources.filter(mayGo),
      deprecations,
    );
    const warnings = [...schema.problems, ...schemaWarnings(catalog, options)];
    // It would take the place of a whole schema, or be compared with one.
    if (schema.names.resources.length === 0) throw new UsageError(warnings[0] ?? 'there is nothing to show');
    // What is missing, or without its fields, only because it could not be asked for.
    for (const warning of [...warnings, ...catalog.discovery.problems]) log.warn(warning);
    return await sdlDefinitions(schema, KUBECONFIG_IDENTITY, sdl);
  } catch (error) {
    throw namingServer(error, target);
  } finally {
    await upstream.close();
  }
}

/** Whether a resource is of a version that the API server might call deprecated. Of stable ones their description says it. */
function mayGo({ version }: Resource): boolean {
  return stabilityOf(version) !== 'STABLE';
}
