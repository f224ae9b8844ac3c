import { type Controller, itself, type World } from '../controller.ts';
import {
  type Claim,
  CLAIMS,
  type PersistentVolume,
  PODS,
  type StorageClass,
  STORAGE_CLASSES,
  VOLUMES,
} from '../kinds.ts';
import { isBeingDeleted, keyOf, splitKey } from '../objects.ts';
import { isEnded } from '../pods.ts';

const PROTECTION = 'kubernetes.io/pvc-protection';
const VOLUME_PROTECTION = 'kubernetes.io/pv-protection';
const IS_DEFAULT = 'storageclass.kubernetes.io/is-default-class';

/** Provides a volume for each claim, and keeps claims that are in use. */
export function createVolumes(world: World): Controller {
  const { objects } = world;
  return {
    name: 'volumes',
    watches: [
      itself(CLAIMS),
      {
        resource: PODS,
        concerns: ({ type, object }) =>
          type === 'DELETED'
            ? objects.list(CLAIMS, object.metadata.namespace).filter(isBeingDeleted).map(keyOf)
            : [],
      },
      {
        resource: STORAGE_CLASSES,
        concerns: () =>
          objects
            .list(CLAIMS)
            .filter((claim) => claim.spec.volumeName === undefined)
            .map(keyOf),
      },
    ],
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const claim = objects.get(CLAIMS, namespace, name);
      if (claim === undefined) reclaim(world, key);
      else if (isBeingDeleted(claim)) letGoIfUnused(world, claim);
      else if (claim.spec.volumeName === undefined) provide(world, claim);
      return undefined;
    },
  };
}

function provide(world: World, claim: Claim): void {
  const { objects } = world;
  const classes = objects.list(STORAGE_CLASSES);
  const wanted =
    claim.spec.storageClassName ??
    classes.find(({ metadata }) => metadata.annotations?.[IS_DEFAULT] === 'true')?.metadata.name;
  const storageClass = classes.find(({ metadata }) => metadata.name === wanted);
  const finalizers = [...new Set([...(claim.metadata.finalizers ?? []), PROTECTION])];
  if (storageClass === undefined) {
    objects.put(CLAIMS, {
      ...claim,
      metadata: { ...claim.metadata, finalizers },
      status: { ...claim.status, phase: 'Pending' },
    });
    const message = wanted
      ? `storageclass.storage.k8s.io "${wanted}" not found`
      : 'no persistent volumes available for this claim and no storage class is set';
    const reason = wanted ? 'ProvisioningFailed' : 'FailedBinding';
    world.events.tell(claim, {
      type: wanted ? 'Warning' : 'Normal',
      reason,
      message,
      from: 'persistentvolume-controller',
    });
    return;
  }
  const volume = createVolume(world, claim, storageClass);
  const annotations = {
    ...claim.metadata.annotations,
    'pv.kubernetes.io/bind-completed': 'yes',
    'pv.kubernetes.io/bound-by-controller': 'yes',
    'volume.kubernetes.io/storage-provisioner': storageClass.provisioner,
  };
  objects.put(CLAIMS, {
    ...claim,
    metadata: { ...claim.metadata, annotations, finalizers },
    spec: {
      ...claim.spec,
      volumeName: volume.metadata.name,
      storageClassName: storageClass.metadata.name,
      volumeMode: claim.spec.volumeMode ?? 'Filesystem',
    },
    status: { phase: 'Bound', accessModes: claim.spec.accessModes, capacity: claim.spec.resources?.requests },
  });
  const message = `Successfully provisioned volume ${volume.metadata.name}`;
  world.events.tell(claim, { reason: 'ProvisioningSucceeded', message, from: storageClass.provisioner });
}

function createVolume(
  { objects }: World,
  claim: Claim,
  { metadata, provisioner, reclaimPolicy = 'Delete' }: StorageClass,
): PersistentVolume {
  const { name, namespace = 'default', uid = '', resourceVersion } = claim.metadata;
  return objects.create(VOLUMES, {
    metadata: {
      name: `pvc-${uid}`,
      annotations: { 'pv.kubernetes.io/provisioned-by': provisioner },
      finalizers: [VOLUME_PROTECTION],
    },
    spec: {
      capacity: claim.spec.resources?.requests,
      hostPath: { path: `/var/lib/demo-volumes/pvc-${uid}`, type: 'DirectoryOrCreate' },
      accessModes: claim.spec.accessModes,
      claimRef: { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion },
      persistentVolumeReclaimPolicy: reclaimPolicy,
      storageClassName: metadata.name,
      volumeMode: claim.spec.volumeMode ?? 'Filesystem',
    },
    status: { phase: 'Bound' },
  });
}

/** The claim is gone: its volume goes too, unless it is to be retained. */
function reclaim({ objects }: World, key: string): void {
  for (const volume of objects.list(VOLUMES)) {
    const { claimRef, persistentVolumeReclaimPolicy } = volume.spec;
    if (claimRef === undefined || `${claimRef.namespace}/${claimRef.name}` !== key) continue;
    if (persistentVolumeReclaimPolicy !== 'Delete') objects.setStatus(VOLUMES, volume, { phase: 'Released' });
    else {
      objects.delete(VOLUMES, volume);
      objects.release(VOLUMES, volume, VOLUME_PROTECTION);
    }
  }
}

function letGoIfUnused({ objects }: World, claim: Claim): void {
  const isUsed = objects
    .list(PODS, claim.metadata.namespace)
    .some(
      (pod) =>
        !isEnded(pod) &&
        pod.spec.volumes?.some(
          ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim.metadata.name,
        ),
    );
  if (!isUsed) objects.release(CLAIMS, claim, PROTECTION);
}
