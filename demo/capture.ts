// Writes schema/packed.ts from a running control plane: `npm run demo:capture -- --kubeconfig FILE`.
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';
import { parse } from 'yaml';
import { isRecord } from './schema/record.ts';

/** What the demo has schemas for. What it serves of them is decided in registry/built-in.ts. */
const GROUP_VERSIONS = [
  'v1',
  'apiregistration.k8s.io/v1',
  'apps/v1',
  'events.k8s.io/v1',
  'authentication.k8s.io/v1',
  'authorization.k8s.io/v1',
  'autoscaling/v2',
  'autoscaling/v1',
  'batch/v1',
  'networking.k8s.io/v1',
  'policy/v1',
  'rbac.authorization.k8s.io/v1',
  'storage.k8s.io/v1',
  'apiextensions.k8s.io/v1',
  'coordination.k8s.io/v1',
  'discovery.k8s.io/v1',
];

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

type Get = (path: string, accept?: string) => Promise<Record<string, unknown>>;

async function capture(get: Get): Promise<Record<string, unknown>> {
  const definitions: Record<string, unknown> = {};
  let info: unknown;
  for (const groupVersion of GROUP_VERSIONS) {
    const path = groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`;
    const document = await get(`/openapi/v3/${path}`);
    info = document.info;
    const { schemas } = document.components as { schemas: Record<string, Record<string, unknown>> };
    for (const [name, schema] of Object.entries(schemas)) definitions[name] = ownKinds(withoutTexts(schema));
  }
  const groups = [...(await groupsAt(get, '/api')), ...(await groupsAt(get, '/apis'))];
  return { version: await get('/version'), info, groups, definitions: sortKeys(definitions) };
}

async function groupsAt(get: Get, path: string): Promise<readonly unknown[]> {
  const { items } = (await get(path, AGGREGATED)) as {
    items: { metadata: { name?: string }; versions: { version: string; resources: unknown[] }[] }[];
  };
  return items.flatMap(({ metadata: { name }, versions }) => {
    const kept = versions.filter(({ version }) =>
      GROUP_VERSIONS.includes(name === undefined ? version : `${name}/${version}`),
    );
    if (kept.length === 0) return [];
    return [{ group: name ?? '', versions: kept.map(({ version, resources }) => ({ version, resources })) }];
  });
}

/** The texts are upstream's; ours are in schema/descriptions.ts. A property may be called `description`: it holds a schema. */
function withoutTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTexts);
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(
    ([key, text]) => key !== 'description' || typeof text !== 'string',
  );
  return Object.fromEntries(kept.map(([key, member]) => [key, withoutTexts(member)]));
}

/** DeleteOptions and WatchEvent belong to all groups; each document names core and its own, which is put back from the path. */
function ownKinds(schema: unknown): unknown {
  if (!isRecord(schema)) return schema;
  const kinds = schema['x-kubernetes-group-version-kind'] as { kind: string; group: string }[] | undefined;
  if (kinds === undefined || !kinds.some(({ kind }) => kind === 'DeleteOptions' || kind === 'WatchEvent'))
    return schema;
  return { ...schema, 'x-kubernetes-group-version-kind': kinds.filter(({ group }) => group === '') };
}

function sortKeys(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Formatted as the formatter would have it, so that no tool needs to know that the file is generated. */
function moduleText(packed: string): string {
  return `/** Written by \`npm run demo:capture\`: brotli in base64, read by unpack.ts. */\nexport const packed =\n  '${packed}';\n`;
}

function connect(kubeconfig: string): Get {
  const config = parse(readFileSync(kubeconfig, 'utf8')) as {
    clusters: [{ cluster: { server: string; 'certificate-authority-data': string } }];
    users: [{ user: { 'client-certificate-data': string; 'client-key-data': string } }];
  };
  const { cluster } = config.clusters[0];
  const { user } = config.users[0];
  const credentials = {
    ca: Buffer.from(cluster['certificate-authority-data'], 'base64'),
    cert: Buffer.from(user['client-certificate-data'], 'base64'),
    key: Buffer.from(user['client-key-data'], 'base64'),
  };
  return (path, accept = 'application/json') =>
    new Promise((resolve, reject) => {
      request(new URL(path, cluster.server), { ...credentials, headers: { accept } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (response.statusCode === 200) resolve(JSON.parse(text) as Record<string, unknown>);
          else reject(new Error(`GET ${path}: ${response.statusCode} ${text.slice(0, 200)}`));
        });
      })
        .on('error', reject)
        .end();
    });
}

const { kubeconfig } = parseArgs({ options: { kubeconfig: { type: 'string' } } }).values;
if (kubeconfig === undefined) throw new Error('Say which control plane to read: --kubeconfig FILE');
const captured = JSON.stringify(await capture(connect(kubeconfig)));
const packed = brotliCompressSync(captured, {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: captured.length },
}).toString('base64');
const file = new URL('schema/packed.ts', import.meta.url);
writeFileSync(file, moduleText(packed));
process.stdout.write(`${file.pathname}: ${packed.length} bytes, ${captured.length} unpacked\n`);
