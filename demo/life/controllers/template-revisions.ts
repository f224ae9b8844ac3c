import type { KubeObject } from '../../api/object.ts';
import { nameHash } from '../chance.ts';
import type { World } from '../controller.ts';
import {
  CONTROLLER_REVISIONS,
  type ControllerRevision,
  type LabelSelector,
  type PodTemplate,
} from '../kinds.ts';
import { controlledBy } from '../objects.ts';

type Owner = KubeObject & {
  readonly spec: {
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly revisionHistoryLimit?: number;
  };
};

export interface TemplateRevision {
  /** The hash in its name. */
  readonly hash: string;
  /** `NAME-HASH`. */
  readonly name: string;
}

/**
 * The ControllerRevision of a StatefulSet's or DaemonSet's present template: the newest, made where it is missing. Those
 * beyond the history's limit that no pod has any more are removed.
 *
 * @param inUse names or hashes of revisions that pods have
 */
export function templateRevision(
  world: World,
  owner: Owner,
  hashLabel: string,
  inUse: ReadonlySet<string>,
): TemplateRevision {
  const data = { spec: { template: { ...owner.spec.template, $patch: 'replace' } } };
  const hash = nameHash(data);
  const name = `${owner.metadata.name}-${hash}`;
  const all = world.owners
    .controlled(CONTROLLER_REVISIONS, owner)
    .toSorted((a, b) => a.revision - b.revision);
  const newest = all.at(-1);
  const known = all.find(({ metadata }) => metadata.name === name);
  if (known === undefined)
    create(world, owner, {
      name,
      labels: { ...owner.spec.selector.matchLabels, [hashLabel]: hash },
      data,
      revision: (newest?.revision ?? 0) + 1,
    });
  else if (known !== newest)
    world.objects.update(CONTROLLER_REVISIONS, { ...known, revision: (newest?.revision ?? 0) + 1 });
  forgetOld(
    world,
    owner,
    all.filter(
      ({ metadata }) =>
        metadata.name !== name && !inUse.has(metadata.name) && !inUse.has(hashOf(owner, metadata.name)),
    ),
  );
  return { hash, name };
}

function create(
  world: World,
  owner: Owner,
  {
    name,
    labels,
    data,
    revision,
  }: { name: string; labels: Readonly<Record<string, string>>; data: unknown; revision: number },
): void {
  world.objects.create(CONTROLLER_REVISIONS, {
    metadata: {
      name,
      namespace: owner.metadata.namespace ?? 'default',
      labels,
      ownerReferences: [controlledBy(owner)],
    },
    data,
    revision,
  });
}

function forgetOld(world: World, { spec }: Owner, unused: readonly ControllerRevision[]): void {
  const surplus = unused.slice(0, Math.max(0, unused.length - (spec.revisionHistoryLimit ?? 10)));
  for (const revision of surplus) world.objects.delete(CONTROLLER_REVISIONS, revision);
}

function hashOf(owner: Owner, revisionName: string): string {
  return revisionName.slice(owner.metadata.name.length + 1);
}

/** The template that a revision holds. */
export function templateOf(revision: ControllerRevision | undefined): PodTemplate | undefined {
  // Written above, by this controller only.
  const data = revision?.data as
    | { readonly spec?: { readonly template?: PodTemplate & { readonly $patch?: string } } }
    | undefined;
  if (data?.spec?.template === undefined) return undefined;
  const { $patch: _, ...template } = data.spec.template;
  return template;
}
