import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes `messages.ts`: the numbers of protobuf fields, from the Go types of the Kubernetes API. Only what the kinds in
 * `ROOTS` need.
 *
 *   tsx demo/http/protobuf/capture.ts GOMODCACHE VERSION     (`go env GOMODCACHE`, such as v0.36.3)
 */
const [moduleCache = '', version = ''] = process.argv.slice(2);

/** Go packages by the short name that messages have here. */
const PACKAGES: Readonly<Record<string, string>> = {
  core: 'api/core/v1',
  apps: 'api/apps/v1',
  authentication: 'api/authentication/v1',
  authorization: 'api/authorization/v1',
  autoscaling1: 'api/autoscaling/v1',
  autoscaling2: 'api/autoscaling/v2',
  batch: 'api/batch/v1',
  networking: 'api/networking/v1',
  policy: 'api/policy/v1',
  rbac: 'api/rbac/v1',
  scheduling: 'api/scheduling/v1',
  meta: 'apimachinery/pkg/apis/meta/v1',
  types: 'apimachinery/pkg/types',
};

/** What kubectl and typed clients write: `create …`, `auth can-i`, `drain`, `create token`. */
const ROOTS = [
  'apps.Deployment',
  'apps.StatefulSet',
  'apps.DaemonSet',
  'authentication.SelfSubjectReview',
  'authentication.TokenRequest',
  'authentication.TokenReview',
  'authorization.LocalSubjectAccessReview',
  'authorization.SelfSubjectAccessReview',
  'authorization.SelfSubjectRulesReview',
  'authorization.SubjectAccessReview',
  'autoscaling1.HorizontalPodAutoscaler',
  'autoscaling1.Scale',
  'autoscaling2.HorizontalPodAutoscaler',
  'batch.CronJob',
  'batch.Job',
  'core.ConfigMap',
  'core.Namespace',
  'core.Pod',
  'core.ResourceQuota',
  'core.Secret',
  'core.Service',
  'core.ServiceAccount',
  'meta.DeleteOptions',
  'networking.Ingress',
  'policy.Eviction',
  'policy.PodDisruptionBudget',
  'rbac.ClusterRole',
  'rbac.ClusterRoleBinding',
  'rbac.Role',
  'rbac.RoleBinding',
  'scheduling.PriorityClass',
];

/** Messages that `decode.ts` reads in ways of their own. */
const SPECIAL = new Set([
  'meta.Time',
  'meta.MicroTime',
  'meta.FieldsV1',
  'intstr.IntOrString',
  'resource.Quantity',
  'runtime.RawExtension',
]);

const SCALARS: Readonly<Record<string, string>> = {
  string: 's',
  bool: 'b',
  int32: 'i',
  int64: 'i',
  int: 'i',
  '[]byte': 'y',
};

interface GoPackage {
  readonly source: string;
  /** Short names by the names under which this package imports others. */
  readonly imports: ReadonlyMap<string, string>;
}

const packages = new Map(Object.entries(PACKAGES).map(([name, directory]) => [name, readPackage(directory)]));

function readPackage(directory: string): GoPackage {
  const [module = '', ...rest] = directory.split('/');
  const full = path.join(moduleCache, 'k8s.io', `${module}@${version}`, ...rest);
  const files = readdirSync(full).filter(
    (file) => file.endsWith('.go') && !/_test\.go$|generated|zz_|swagger/.test(file),
  );
  const source = files.map((file) => readFileSync(path.join(full, file), 'utf8')).join('\n');
  const imports = [...source.matchAll(/^\s*(\w+)?\s*"k8s\.io\/([\w./]+)"$/gm)].map(
    ([, alias, target = '']): [string, string] => [
      alias ?? (target.split('/').at(-1) as string),
      shortName(target),
    ],
  );
  return { source, imports: new Map(imports) };
}

function shortName(target: string): string {
  const known = Object.entries(PACKAGES).find(([, directory]) => directory === target);
  return known?.[0] ?? (target.split('/').at(-1) as string);
}

const done = new Map<string, string>();

/** Notes a message and all that it refers to. */
function capture(name: string): void {
  if (done.has(name) || SPECIAL.has(name)) return;
  const [owner = '', type = ''] = name.split('.');
  const body = structBody(owner, type);
  if (body === undefined) throw new Error(`no struct ${name}`);
  done.set(name, '');
  const fields = [...body.matchAll(/^\s*(?:\w+\s+)?(\S+)\s+`json:"([^"]*)"[^`]*protobuf:"([^"]*)"/gm)];
  done.set(name, fields.map(([, go = '', json = '', tag = '']) => fieldText(owner, go, json, tag)).join(' '));
}

function structBody(owner: string, type: string): string | undefined {
  const start = packages
    .get(owner)
    ?.source.match(new RegExp(`^type ${type} struct \\{\\n([\\s\\S]*?)^\\}`, 'm'));
  return start?.[1];
}

function fieldText(owner: string, go: string, json: string, tag: string): string {
  const [jsonName = '', ...options] = json.split(',');
  const number = tag.split(',')[1];
  const type = typeText(owner, go.replace(/^\*/, ''));
  // What has no pointer is always sent; zero then means nothing, unless JSON would show it too.
  const keepsZero = go.startsWith('*') || !options.includes('omitempty');
  return `${number}:${jsonName}:${type}${keepsZero ? '*' : ''}`;
}

/** `s i b y`, a message, `[]` before what is repeated, `{}` before the values of a map. */
function typeText(owner: string, go: string): string {
  const scalar = SCALARS[go];
  if (scalar !== undefined) return scalar;
  if (go.startsWith('[]')) return `[]${typeText(owner, go.slice(2).replace(/^\*/, ''))}`;
  const map = /^map\[[\w.]+\](.+)$/.exec(go);
  if (map !== null) return `{}${typeText(owner, map[1] as string)}`;
  const [alias = '', type] = go.split('.');
  if (type === undefined) return namedType(owner, alias);
  return namedType(packages.get(owner)?.imports.get(alias) ?? alias, type);
}

function namedType(owner: string, type: string): string {
  const name = `${owner}.${type}`;
  if (SPECIAL.has(name)) return name;
  const underlying = packages
    .get(owner)
    ?.source.match(new RegExp(`^type ${type} ((?!struct)\\S+)`, 'm'))?.[1];
  // A named list is a message around its items.
  if (underlying?.startsWith('[]') === true) return `#${typeText(owner, underlying.slice(2))}`;
  if (underlying !== undefined) return typeText(owner, underlying);
  capture(name);
  return name;
}

for (const root of ROOTS) capture(root);
const lines = [...done].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, fields]) => `${name} ${fields}`);
const head = `// Written by capture.ts from the Go types of the Kubernetes API ${version}: not to be edited.

/** One message in a line: its name, then its fields as NUMBER:NAME:TYPE. The notation is explained in capture.ts. */
export const MESSAGES = \`
`;
writeFileSync(new URL('messages.ts', import.meta.url), `${head}${lines.join('\n')}\n\`;\n`);
