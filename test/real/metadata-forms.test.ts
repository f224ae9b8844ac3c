import { homedir } from 'node:os';
import { describe, expect, inject, it } from 'vitest';
import { METADATA_LIST, METADATA_LIST_IN_PROTOBUF, isProtobuf } from '../../src/cluster/accept.ts';
import { KUBECONFIG_IDENTITY } from '../../src/cluster/identity.ts';
import { loadKubeconfig } from '../../src/cluster/kubeconfig/load.ts';
import { createUpstream } from '../../src/cluster/transport/create.ts';
import { METADATA_KEYS } from '../../src/protobuf/meta-messages.ts';
import { MetadataListDecoder } from '../../src/protobuf/metadata-list.ts';
import { goJson } from '../unit/protobuf/samples.ts';
import { openCluster } from '../cluster/cluster.ts';
import { atEnd } from './support/at-end.ts';
import { kubectlOf } from './support/kubectl.ts';
import { pathOf, servedResources } from './support/resources.ts';
import { createNamespace, uniqueName } from './support/suite.ts';

const cluster = await openCluster(inject('clusterDir'));
const kubectl = kubectlOf(cluster, inject('kubectlProxyUrl'));
const target = loadKubeconfig({ path: cluster.kubeconfig, env: {}, homeDir: homedir() });
const upstream = createUpstream({ target, mode: 'kubeconfig', readOnly: true, execPolicy: 'deny' });
atEnd(() => upstream.close());

const resources = (await servedResources(kubectl)).filter(({ verbs }) => verbs.includes('list'));

interface ItemList {
  readonly metadata: { readonly resourceVersion?: string };
  readonly items: readonly { readonly metadata: MetadataShown }[] | null;
}

interface MetadataShown {
  readonly name?: string;
  readonly managedFields?: readonly { readonly fieldsV1?: unknown }[];
}

async function read(path: string, accept: string, resourceVersion?: string): Promise<Buffer> {
  const state = resourceVersion === undefined ? {} : { resourceVersion, resourceVersionMatch: 'Exact' };
  const { status, body, contentType } = await upstream.send({
    identity: KUBECONFIG_IDENTITY,
    method: 'GET',
    path,
    query: state,
    accept,
  });
  expect([status, isProtobuf(contentType)]).toEqual([200, accept === METADATA_LIST_IN_PROTOBUF]);
  return body.whole(2 ** 26);
}

/** The list as the decoder is to write it. */
function expectedText({ metadata, items }: ItemList): string {
  return goText({
    kind: 'PartialObjectMetadataList',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    items: items?.map((item) => ({ metadata: withoutFieldsV1(item.metadata) })) ?? null,
  });
}

function withoutFieldsV1(metadata: MetadataShown): object {
  // Last in JSON, and what is undefined is not written.
  const managedFields = metadata.managedFields?.map((entry) => ({ ...entry, fieldsV1: undefined }));
  return { ...metadata, managedFields };
}

/** JSON with strings as Go escapes them. */
function goText(value: unknown): string {
  return JSON.stringify(value).replace(/"(?:[^"\\]|\\.)*"/g, (text) => goJson(String(JSON.parse(text))));
}

/** Lists without a state are put together anew each time, in no order. */
function inOrder(list: ItemList): ItemList {
  if (list.metadata.resourceVersion !== undefined || list.items === null) return list;
  const nameOf = ({ metadata: { name = '' } }: { readonly metadata: MetadataShown }): string => name;
  return { ...list, items: list.items.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b))) };
}

/** An object in which every field of metadata is set, on its way out. */
async function createFull(namespace: string): Promise<void> {
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'none', uid: 'none' };
  const metadata = {
    generateName: 'full-',
    namespace,
    labels: { b: '2', a: '', 'a/b': '1' },
    annotations: { 'kubegraph.dev/odd': '<a href="&">\\\u2028\u2029\u007f\u0001\b\n\té漢𝄞', empty: '' },
    finalizers: ['kubegraph.dev/one', 'kubegraph.dev/two'],
    ownerReferences: [{ ...owner, controller: false, blockOwnerDeletion: true }, owner],
  };
  const name = uniqueName();
  await kubectl.create(namespace, { apiVersion: 'v1', kind: 'Secret', metadata: { ...metadata, name } });
  await kubectl.delete('-n', namespace, 'secret', name);
  atEnd(() => kubectl.run(['patch', '-n', namespace, 'secret', name, '--type=json', '-p', RELEASE]));
}

const RELEASE = '[{"op":"remove","path":"/metadata/finalizers"}]';

await createFull(await createNamespace(kubectl));

describe('metadata in protobuf, read as JSON', () => {
  it.each(resources.map((resource) => [pathOf(resource)] as const))(
    'is to the byte what the API server writes in JSON: %s',
    async (path) => {
      const json = JSON.parse((await read(path, METADATA_LIST)).toString()) as ItemList;
      const { resourceVersion } = json.metadata;
      const decoder = new MetadataListDecoder(new Set(METADATA_KEYS.keys()));
      const sent = await read(path, METADATA_LIST_IN_PROTOBUF, resourceVersion);
      const decoded = decoder.push(sent).toString();
      decoder.end();
      const isExact = resourceVersion !== undefined;
      const text = isExact ? decoded : goText(inOrder(JSON.parse(decoded) as ItemList));
      expect(text).toBe(expectedText(inOrder(json)));
    },
  );
});
