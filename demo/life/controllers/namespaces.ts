import type { KubeObject } from '../../api/object.ts';
import { withCondition } from '../conditions.ts';
import { type Controller, itself, type World } from '../controller.ts';
import {
  type Condition,
  CONFIG_MAPS,
  EVENTS,
  type Namespace,
  NAMESPACES,
  type Resource,
  SERVICE_ACCOUNTS,
} from '../kinds.ts';
import { isBeingDeleted } from '../objects.ts';
import { timestamp } from '../time.ts';

/** Fills a new namespace with what each has, and empties one that is deleted before it goes. */
export function createNamespaces(
  world: World,
  rootCertificates: string,
  look: (name: string) => void,
): Controller {
  const { objects } = world;
  // The last object that goes lets the namespace go.
  world.owners.onChange(({ type, object: { metadata } }) => {
    const namespace =
      type === 'DELETED'
        ? metadata.namespace && objects.get(NAMESPACES, undefined, metadata.namespace)
        : undefined;
    if (namespace && isBeingDeleted(namespace)) look(namespace.metadata.name);
  });
  return {
    name: 'namespaces',
    watches: [
      itself(NAMESPACES),
      {
        resource: SERVICE_ACCOUNTS,
        concerns: ({ type, object }) => (type === 'DELETED' ? [object.metadata.namespace ?? ''] : []),
      },
      {
        resource: CONFIG_MAPS,
        concerns: ({ object }) => (object.metadata.name === ROOT_CA ? [object.metadata.namespace ?? ''] : []),
      },
    ],
    reconcile(name) {
      const namespace = objects.get(NAMESPACES, undefined, name);
      if (namespace === undefined) return undefined;
      if (isBeingDeleted(namespace)) terminate(world, namespace);
      else furnish(world, name, rootCertificates);
      return undefined;
    },
  };
}

const ROOT_CA = 'kube-root-ca.crt';
const ROOT_CA_DESCRIPTION =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

function furnish({ objects }: World, namespace: string, rootCertificates: string): void {
  objects.create(SERVICE_ACCOUNTS, { metadata: { name: 'default', namespace } });
  const data = { 'ca.crt': rootCertificates };
  const map = objects.get(CONFIG_MAPS, namespace, ROOT_CA);
  if (map === undefined) {
    const annotations = { 'kubernetes.io/description': ROOT_CA_DESCRIPTION };
    objects.create(CONFIG_MAPS, { metadata: { name: ROOT_CA, namespace, annotations }, data });
  } else if (!isBeingDeleted(map)) objects.update(CONFIG_MAPS, { ...map, data });
}

function terminate(world: World, namespace: Namespace): void {
  const { objects } = world;
  const left = empty(world, namespace.metadata.name);
  const live = objects.get(NAMESPACES, undefined, namespace.metadata.name);
  if (live === undefined) return;
  const status = { phase: 'Terminating', conditions: conditionsOf(world, live, left) };
  if (left.length > 0) {
    objects.setStatus(NAMESPACES, live, status);
    return;
  }
  const { finalizers: _, ...spec } = live.spec;
  objects.put(NAMESPACES, { ...live, spec, status });
  objects.remove(NAMESPACES, live);
}

interface Left {
  readonly resource: string;
  readonly object: KubeObject;
}

/** Deletes everything in the namespace; answers what is not gone yet. */
function empty({ objects, registry }: World, namespace: string): readonly Left[] {
  const left: Left[] = [];
  const emptied = new Set<string>();
  for (const served of registry.resources) {
    const { storageKey, kind, group, version } = served;
    if (!served.namespaced || emptied.has(storageKey)) continue;
    emptied.add(storageKey);
    const apiVersion = group === '' ? version : `${group}/${version}`;
    const resource: Resource = { key: storageKey, apiVersion, kind, hasGeneration: false };
    for (const object of objects.list(resource, namespace)) objects.delete(resource, object);
    if (storageKey === EVENTS.key) continue;
    const name = group === '' ? served.resource : `${served.resource}.${group}`;
    left.push(...objects.list(resource, namespace).map((object) => ({ resource: name, object })));
  }
  return left;
}

function conditionsOf({ clock }: World, { status }: Namespace, left: readonly Left[]): readonly Condition[] {
  const held = left.flatMap(({ object }) => object.metadata.finalizers ?? []);
  const news: readonly (readonly [type: string, isTrue: boolean, reason: string, message: string])[] = [
    [
      'NamespaceDeletionDiscoveryFailure',
      false,
      'ResourcesDiscovered',
      'All resources successfully discovered',
    ],
    [
      'NamespaceDeletionGroupVersionParsingFailure',
      false,
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ],
    [
      'NamespaceDeletionContentFailure',
      false,
      'ContentDeleted',
      left.length === 0
        ? 'All content successfully deleted'
        : 'All content successfully deleted, may be waiting on finalization',
    ],
    left.length > 0
      ? [
          'NamespaceContentRemaining',
          true,
          'SomeResourcesRemain',
          `Some resources are remaining: ${counted(
            left.map(({ resource }) => resource),
            'has',
            'resource instances',
          )}`,
        ]
      : ['NamespaceContentRemaining', false, 'ContentRemoved', 'All content successfully removed'],
    held.length > 0
      ? [
          'NamespaceFinalizersRemaining',
          true,
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${counted(held, 'in', 'resource instances')}`,
        ]
      : [
          'NamespaceFinalizersRemaining',
          false,
          'ContentHasNoFinalizers',
          'All content-preserving finalizers finished',
        ],
  ];
  const lastTransitionTime = timestamp(clock.now());
  return news.reduce<readonly Condition[]>(
    (all, [type, isTrue, reason, message]) =>
      withCondition(all, { type, status: isTrue ? 'True' : 'False', lastTransitionTime, reason, message }),
    status?.conditions ?? [],
  );
}

/** `pods. has 2 resource instances`, as the real server counts. */
function counted(names: readonly string[], verb: string, what: string): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(
      ([name, count]) =>
        `${verb === 'has' && !name.includes('.') ? `${name}.` : name} ${verb} ${count} ${what}`,
    )
    .join(', ');
}
