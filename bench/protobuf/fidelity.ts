import { Pool } from 'undici';
import { wireFields } from '../../demo/http/protobuf/wire.ts';
import { createApi } from '../reads/api.ts';
import { print } from '../support.ts';
import { targetOf } from '../target.ts';
import { decode, differences, type Rule } from './decode.ts';
import { acceptOf } from './forms.ts';
import { makeZeros, removeZeros } from './zeros.ts';

/** What can be known of zeros, from the least to the most. */
const RULES: Readonly<Record<string, Rule>> = {
  'all that is sent': () => true,
  'no zeros': (_, isZero) => !isZero,
  'omitempty of Go': ({ keepsZero }, isZero) => keepsZero || !isZero,
};

/** Messages that the demo's table has, and where lists of them are. */
const LISTS: Readonly<Record<string, string>> = {
  'core.Pod': '/api/v1/pods',
  'core.Service': '/api/v1/services',
  'core.ConfigMap': '/api/v1/configmaps',
  'core.Secret': '/api/v1/secrets',
  'core.Namespace': '/api/v1/namespaces',
  'apps.Deployment': '/apis/apps/v1/deployments',
  'apps.StatefulSet': '/apis/apps/v1/statefulsets',
  'rbac.Role': '/apis/rbac.authorization.k8s.io/v1/roles',
  'rbac.ClusterRole': '/apis/rbac.authorization.k8s.io/v1/clusterroles',
};

/** Also what was made last is among them: zeros are in a namespace of their own. */
const LIMIT = 6000;

/** Of a runtime.Unknown and of every list. */
const RAW = 2;
const ITEMS = 2;

interface Identified {
  readonly metadata: { readonly uid: string };
}

/** Reads lists in both forms and prints where what protobuf says is not what JSON says. */
export async function reportFidelity(kubeconfig: string): Promise<void> {
  const api = createApi(kubeconfig);
  const { origin, headers, connect } = targetOf(kubeconfig);
  const pool = new Pool(origin, { connect });
  const get = async (path: string, form: 'json' | 'protobuf'): Promise<Buffer> => {
    const accept = acceptOf({ form });
    const answer = await pool.request({ method: 'GET', path, headers: { ...headers, accept } });
    return Buffer.from(await answer.body.arrayBuffer());
  };
  try {
    await makeZeros(api);
    for (const [message, list] of Object.entries(LISTS)) {
      const path = `${list}?limit=${LIMIT}`;
      reportList(message, await get(path, 'json'), await get(path, 'protobuf'));
    }
  } finally {
    await removeZeros(api);
    await Promise.all([api.close(), pool.close()]);
  }
}

function reportList(message: string, json: Buffer, protobuf: Buffer): void {
  // A list by its path.
  const { items } = JSON.parse(json.toString()) as { readonly items: readonly Identified[] };
  const sent = itemsOf(protobuf);
  print(`${message}, ${items.length} objects`);
  for (const [name, rule] of Object.entries(RULES)) {
    const decoded = new Map(
      sent.map((bytes): [string, object] => {
        const object = decode(message, bytes, rule);
        return [(object as unknown as Identified).metadata.uid, object];
      }),
    );
    const found = items.map((item) => differences(item, decoded.get(item.metadata.uid)));
    const paths = found.flat();
    const objects = found.filter((each) => each.length > 0).length;
    print(`  ${name.padEnd(17)} ${objects} objects differ, ${paths.length} times`);
    if (name === LAST_RULE) for (const path of new Set(paths)) print(`    ${path}`);
  }
}

const LAST_RULE = Object.keys(RULES).at(-1);

function itemsOf(protobuf: Buffer): readonly Buffer[] {
  const envelope = [...wireFields(protobuf.subarray(4))].find(({ number }) => number === RAW);
  const list = envelope?.value;
  if (!Buffer.isBuffer(list)) throw new Error('not an answer in protobuf');
  return [...wireFields(list)].flatMap(({ number, value }) =>
    number === ITEMS && Buffer.isBuffer(value) ? [value] : [],
  );
}
