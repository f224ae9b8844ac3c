import { dirname, isAbsolute, resolve, sep } from 'node:path';
import { Fields } from './fields.ts';
import type { RawCluster, RawConfig, RawContext, RawExec, RawUser } from './raw.ts';
import { type Place, refusal } from './refusal.ts';
import { parseKubeconfigText } from './yaml.ts';

const EXEC_EXTENSION = 'client.authentication.k8s.io/exec';

/**
 * The kubeconfig that `text` is. Relative paths in it are relative to its file. Unknown fields are ignored, as client-go
 * does.
 *
 * @param file absolute path.
 */
export function decodeKubeconfig(text: string, file: string): RawConfig {
  const place = { file };
  const top = new Fields(place, parseKubeconfigText(text, place));
  for (const [field, expected] of [
    ['kind', 'Config'],
    ['apiVersion', 'v1'],
  ] as const) {
    const value = top.text(field);
    if (value !== '' && value !== expected)
      throw top.refuse(field, `must be "${expected}" in a kubeconfig, not "${value}"`);
  }
  return {
    currentContext: top.text('current-context'),
    clusters: entries(top, 'clusters', 'cluster', decodeCluster),
    contexts: entries(top, 'contexts', 'context', decodeContext),
    users: entries(top, 'users', 'user', decodeUser),
  };
}

/** `clusters: [{name, cluster: {…}}, …]` by name. client-go refuses a name that comes twice in one file. */
function entries<T>(
  top: Fields,
  list: string,
  member: string,
  decode: (fields: Fields) => T,
): ReadonlyMap<string, T> {
  const byName = new Map<string, T>();
  for (const item of top.mappings(list)) {
    const name = item.text('name');
    const place: Place = { file: top.place.file, entry: `${member} ${JSON.stringify(name)}` };
    if (byName.has(name)) throw refusal(place, undefined, `stands twice in "${list}"; remove or rename one`);
    byName.set(name, decode(new Fields(place, item.raw(member))));
  }
  return byName;
}

function decodeContext(fields: Fields): RawContext {
  return {
    place: fields.place,
    cluster: fields.text('cluster'),
    user: fields.text('user'),
    namespace: fields.text('namespace'),
  };
}

function decodeCluster(fields: Fields): RawCluster {
  const extension = fields.mappings('extensions').find((entry) => entry.text('name') === EXEC_EXTENSION);
  return {
    place: fields.place,
    server: fields.text('server'),
    tlsServerName: fields.text('tls-server-name'),
    insecureSkipTlsVerify: fields.flag('insecure-skip-tls-verify'),
    certificateAuthority: pathIn(fields, 'certificate-authority'),
    certificateAuthorityData: fields.bytes('certificate-authority-data'),
    proxyUrl: fields.text('proxy-url'),
    disableCompression: fields.flag('disable-compression'),
    execExtension: extension?.raw('extension'),
  };
}

function decodeUser(fields: Fields): RawUser {
  const extra = fields.mapping('as-user-extra');
  const exec = fields.mapping('exec');
  return {
    place: fields.place,
    clientCertificate: pathIn(fields, 'client-certificate'),
    clientCertificateData: fields.bytes('client-certificate-data'),
    clientKey: pathIn(fields, 'client-key'),
    clientKeyData: fields.bytes('client-key-data'),
    token: fields.text('token'),
    tokenFile: pathIn(fields, 'tokenFile'),
    username: fields.text('username'),
    password: fields.text('password'),
    as: fields.text('as'),
    asUid: fields.text('as-uid'),
    asGroups: fields.texts('as-groups'),
    asUserExtra: new Map(extra?.names().map((key) => [key, extra.texts(key)])),
    authProvider: fields.mapping('auth-provider')?.text('name'),
    exec: exec === undefined ? undefined : decodeExec(exec),
  };
}

function decodeExec(fields: Fields): RawExec {
  const command = fields.text('command');
  return {
    fields,
    apiVersion: fields.text('apiVersion'),
    // A bare name is looked up on PATH; only a path is relative to the file.
    command: command.includes(sep) ? absolute(fields, command) : command,
    args: fields.texts('args'),
    env: fields.mappings('env').map((entry) => ({ name: entry.text('name'), value: entry.text('value') })),
    interactiveMode: fields.text('interactiveMode'),
    installHint: fields.text('installHint'),
    provideClusterInfo: fields.flag('provideClusterInfo'),
  };
}

function pathIn(fields: Fields, field: string): string {
  const path = fields.text(field);
  return path === '' ? '' : absolute(fields, path);
}

function absolute(fields: Fields, path: string): string {
  return isAbsolute(path) ? path : resolve(dirname(fields.place.file), path);
}
