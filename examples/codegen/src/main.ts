// Shows the workloads of the demo cluster, scales one, and follows a ConfigMap.
//
//   npm run generate && npm run build && npm start -- http://127.0.0.1:4000/graphql

import { createClient } from './client.ts';
import { SaveSettings, Scale, WatchSettings, Workloads } from './documents.ts';
import type { ContainerRequestsFragment } from './graphql/graphql.ts';
import { quantityToNumber } from './quantity.ts';

const client = createClient(
  process.argv[2] ?? 'http://127.0.0.1:4000/graphql',
  process.env['KUBEGRAPH_TOKEN'],
);
const namespace = 'shop';

const { deployments } = await client.ask(Workloads, { namespace });
for (const { metadata, spec, status } of deployments?.items ?? []) {
  const ready = `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`;
  console.log(`${metadata.name} ${ready} cpu ${requestedCores(spec?.template?.spec)}`);
}

const { scaleAppsV1Deployment } = await client.ask(Scale, { namespace, name: 'web', replicas: 4 });
console.log(`web now wants ${scaleAppsV1Deployment?.spec?.replicas}`);

const name = 'example-settings';
const save = (theme: string) => client.ask(SaveSettings, { namespace, name, input: { data: { theme } } });
await save('dark');
for await (const { configMaps } of client.follow(WatchSettings, { namespace, name })) {
  console.log(configMaps.type, configMaps.object?.data);
  // From here on every event is a change.
  if (configMaps.type === 'SYNCED') await save('light');
  if (configMaps.type === 'MODIFIED') break;
}

/** What one replica asks for. */
function requestedCores(pod: ContainerRequestsFragment | null | undefined): number {
  let cores = 0;
  for (const container of pod?.containers ?? []) {
    // A map: resources have free names.
    const requests = container?.resources?.requests ?? {};
    cores += quantityToNumber(requests['cpu'] ?? '0');
  }
  return cores;
}
