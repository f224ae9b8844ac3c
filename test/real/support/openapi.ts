import type { ApiClient } from '../../cluster/api.ts';
import type { CrdManifest } from '../../cluster/manifests.ts';
import { waitUntil } from '../../cluster/wait.ts';

/** The aggregator downloads and merges documents one by one; with 157 definitions that takes some 10 seconds. */
const TIMEOUT_MS = 180_000;

type Definition = Pick<CrdManifest, 'spec'>;

/** Waits until OpenAPI v3 describes every served version of these definitions. Discovery names them some time before. */
export async function waitUntilDescribed(api: ApiClient, crds: readonly Definition[]): Promise<void> {
  const missing = pathsByDocument(crds);
  await waitUntil('OpenAPI describes the custom resources', () => forgetDescribed(api, missing), {
    timeoutMs: TIMEOUT_MS,
    intervalMs: 250,
  });
}

/** The plurals that must be described, by the OpenAPI document that has to do it. */
function pathsByDocument(crds: readonly Definition[]): Map<string, readonly string[]> {
  const byDocument = new Map<string, readonly string[]>();
  for (const { group, names, versions } of crds.map(({ spec }) => spec)) {
    for (const { name } of versions.filter(({ served }) => served)) {
      const document = `apis/${group}/${name}`;
      byDocument.set(document, [...(byDocument.get(document) ?? []), names.plural]);
    }
  }
  return byDocument;
}

/** Removes the documents that are complete; answers what one of the others lacks. */
async function forgetDescribed(
  api: ApiClient,
  missing: Map<string, readonly string[]>,
): Promise<string | undefined> {
  for (const [document, plurals] of missing) {
    const { status, body } = await api.send({ path: `/openapi/v3/${document}` });
    if (status !== 200) return `${document} is not there yet`;
    const absent = plurals.find((plural) => !body.includes(`/${plural}/{name}"`));
    if (absent !== undefined) return `${document} does not describe ${absent} yet`;
    missing.delete(document);
  }
  return undefined;
}
