import { readFileSync } from 'node:fs';
import type { RawCluster, RawExec, RawUser } from './raw.ts';
import type { ExecPlugin } from './target.ts';

const API_GROUP = 'client.authentication.k8s.io';
const API_VERSIONS = [`${API_GROUP}/v1`, `${API_GROUP}/v1beta1`] as const;
const INTERACTIVE_MODES = ['Never', 'IfAvailable', 'Always'] as const;

/** The credential plugin of a user entry. */
export function checkExec(raw: RawExec, user: RawUser, cluster: RawCluster): ExecPlugin {
  if (raw.command === '')
    throw raw.fields.refuse('command', 'is missing; name the program that prints credentials');
  if (raw.env.some(({ name }) => name === '')) throw raw.fields.refuse('env', 'has an entry without a name');
  return {
    apiVersion: checkApiVersion(raw),
    command: raw.command,
    args: raw.args,
    env: raw.env,
    interactiveMode: checkInteractiveMode(raw),
    installHint: raw.installHint,
    cluster: raw.provideClusterInfo ? clusterInfo(cluster) : undefined,
    place: `${user.place.file}, ${user.place.entry ?? ''}`,
  };
}

function checkApiVersion(raw: RawExec): ExecPlugin['apiVersion'] {
  const known = API_VERSIONS.find((version) => version === raw.apiVersion);
  if (known !== undefined) return known;
  const problem = raw.apiVersion === '' ? 'is missing' : `"${raw.apiVersion}" is not supported`;
  throw raw.fields.refuse(
    'apiVersion',
    `${problem}; use ${API_VERSIONS.join(' or ')} and a plugin that speaks it`,
  );
}

function checkInteractiveMode(raw: RawExec): ExecPlugin['interactiveMode'] {
  // Only v1 makes people say it.
  if (raw.interactiveMode === '' && raw.apiVersion === `${API_GROUP}/v1beta1`) return 'IfAvailable';
  const known = INTERACTIVE_MODES.find((mode) => mode === raw.interactiveMode);
  if (known !== undefined) return known;
  const problem = raw.interactiveMode === '' ? 'is missing' : `"${raw.interactiveMode}" is not known`;
  throw raw.fields.refuse('interactiveMode', `${problem}; use ${INTERACTIVE_MODES.join(', ')}`);
}

/** `spec.cluster` of an ExecCredential: the cluster entry with its authority as data. Undefined members are left out. */
function clusterInfo(raw: RawCluster): Readonly<Record<string, unknown>> {
  return {
    server: raw.server,
    'tls-server-name': raw.tlsServerName || undefined,
    'insecure-skip-tls-verify': raw.insecureSkipTlsVerify || undefined,
    'certificate-authority-data': authorityOf(raw)?.toString('base64'),
    'proxy-url': raw.proxyUrl || undefined,
    'disable-compression': raw.disableCompression || undefined,
    config: raw.execExtension,
  };
}

function authorityOf(raw: RawCluster): Buffer | undefined {
  if (raw.certificateAuthorityData !== undefined) return raw.certificateAuthorityData;
  // The cluster's own check has read this file already.
  return raw.certificateAuthority === '' ? undefined : readFileSync(raw.certificateAuthority);
}
