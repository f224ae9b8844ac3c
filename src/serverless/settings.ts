import { readFileSync } from 'node:fs';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import { checkCluster } from '../cluster/kubeconfig/cluster.ts';
import { loadKubeconfig } from '../cluster/kubeconfig/load.ts';
import type { ClusterTarget } from '../cluster/kubeconfig/target.ts';
import { NO_CREDENTIALS } from '../cluster/kubeconfig/user.ts';
import type { TrustedDocuments } from '../execution/documents.ts';
import type { SchemaOptions } from '../mapping/schema-options.ts';
import type { AuthMode } from '../server/options.ts';
import { readManifest } from '../server/documents-manifest.ts';
import { readSchemaSettings } from '../server/schema-settings.ts';
import { tryParseJson } from '../util/json.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What a function's environment variables choose. None of them holds a credential: whoever may look at a function sees them. */
export interface FunctionSettings {
  /** KUBEGRAPH_AUTH. Default `passthrough`. */
  readonly mode: AuthMode;
  /** KUBEGRAPH_READ_ONLY. Default false. */
  readonly readOnly: boolean;
  /**
   * KUBEGRAPH_INCLUDE, KUBEGRAPH_EXCLUDE (with commas between), KUBEGRAPH_STABILITY, KUBEGRAPH_NAMES (JSON). Default: see
   * SchemaOptions.
   */
  readonly schema: SchemaOptions;
  /** KUBEGRAPH_DOCUMENTS, the path of a manifest, and KUBEGRAPH_DOCUMENTS_ONLY. Default: none. */
  readonly documents: TrustedDocuments | undefined;
  /** KUBEGRAPH_SERVER with KUBEGRAPH_CA_DATA, or else KUBECONFIG. */
  readonly target: ClusterTarget;
}

/** @throws KubegraphError KUBECONFIG_INVALID that names the variable. */
export function readSettings(env: Env): FunctionSettings {
  const mode = oneOf(env, 'KUBEGRAPH_AUTH', ['passthrough', 'kubeconfig']);
  return {
    mode,
    readOnly: oneOf(env, 'KUBEGRAPH_READ_ONLY', ['false', 'true']) === 'true',
    schema: schemaFor(env),
    documents: documentsFor(env),
    target: targetFor(mode, env),
  };
}

/** The value of a variable; the first choice where it is not set. */
function oneOf<T extends string>(env: Env, name: string, choices: readonly [T, ...T[]]): T {
  const value = env[name] || choices[0];
  const choice = choices.find((each) => each === value);
  if (choice !== undefined) return choice;
  throw invalid(`${name} is ${choices.join(' or ')}, not ${JSON.stringify(value)}`);
}

function schemaFor(env: Env): SchemaOptions {
  const list = (value: string | undefined): readonly string[] | undefined =>
    value ? value.split(',').map((group) => group.trim()) : undefined;
  const settings = {
    include: list(env['KUBEGRAPH_INCLUDE']),
    exclude: list(env['KUBEGRAPH_EXCLUDE']),
    stability: env['KUBEGRAPH_STABILITY'] || undefined,
    names: env['KUBEGRAPH_NAMES'] ? (tryParseJson(env['KUBEGRAPH_NAMES']) ?? null) : undefined,
  };
  return readSchemaSettings(settings, (setting, words) =>
    invalid(`KUBEGRAPH_${setting.toUpperCase()} ${words}`),
  );
}

function documentsFor(env: Env): TrustedDocuments | undefined {
  const only = oneOf(env, 'KUBEGRAPH_DOCUMENTS_ONLY', ['false', 'true']) === 'true';
  const { KUBEGRAPH_DOCUMENTS: file = '' } = env;
  if (file === '') {
    if (only) throw invalid('KUBEGRAPH_DOCUMENTS_ONLY needs KUBEGRAPH_DOCUMENTS, the path of a manifest');
    return undefined;
  }
  const refuse = (words: string): KubegraphError => invalid(`KUBEGRAPH_DOCUMENTS ${file} ${words}`);
  return { texts: readManifest(readText(file, refuse), refuse), only };
}

function readText(file: string, refuse: (words: string) => KubegraphError): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw refuse('cannot be read');
  }
}

function targetFor(mode: AuthMode, env: Env): ClusterTarget {
  const { KUBEGRAPH_SERVER: server = '', KUBECONFIG: kubeconfig = '' } = env;
  if (server !== '' && kubeconfig !== '') {
    throw invalid('KUBEGRAPH_SERVER and KUBECONFIG both choose a cluster: remove one');
  }
  // Without a variable that chooses one there is no cluster: a function has neither a home directory nor a pod.
  if (kubeconfig !== '') return loadKubeconfig({ env, homeDir: '/' });
  if (mode === 'kubeconfig')
    throw invalid('KUBEGRAPH_AUTH=kubeconfig needs KUBECONFIG, the path of a kubeconfig');
  if (server === '')
    throw invalid("set KUBEGRAPH_SERVER to the API server's https URL, or KUBECONFIG to a path");
  return addressOnly(server, env);
}

/** A cluster without a user: callers bring their own tokens. */
function addressOnly(server: string, env: Env): ClusterTarget {
  const authority = env['KUBEGRAPH_CA_DATA'] ?? '';
  const cluster = {
    place: { file: 'environment', entry: 'KUBEGRAPH_SERVER and KUBEGRAPH_CA_DATA' },
    server,
    tlsServerName: '',
    insecureSkipTlsVerify: false,
    certificateAuthority: '',
    certificateAuthorityData: authority === '' ? undefined : Buffer.from(authority, 'base64'),
    proxyUrl: '',
    disableCompression: false,
    execExtension: undefined,
  };
  return {
    source: 'kubeconfig',
    contextName: undefined,
    namespace: 'default',
    ...checkCluster(cluster, env),
    credentials: NO_CREDENTIALS,
    impersonation: undefined,
  };
}

function invalid(message: string): KubegraphError {
  return new KubegraphError('KUBECONFIG_INVALID', message);
}
