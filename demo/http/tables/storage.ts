import { ageColumn, flag, integer, nameColumn, text, wide, type Column } from './column.ts';
import { labelsText, type Fields } from './fields.ts';

const volumeModeColumn = wide(
  text('VolumeMode', (object) => object.at('spec').text('volumeMode') ?? '<unset>'),
);

const attributesClassColumn = text(
  'VolumeAttributesClass',
  (object) => object.at('spec').text('volumeAttributesClassName') ?? '<unset>',
);

export const claimColumns: readonly Column[] = [
  nameColumn,
  text('Status', phaseText),
  text('Volume', (claim) => claim.at('spec').text('volumeName') ?? ''),
  // A claim has them from its volume: before it is bound there are none.
  text('Capacity', (claim) => (isBound(claim) ? capacityText(claim.at('status')) : '')),
  text('Access Modes', (claim) => (isBound(claim) ? accessModes(claim.at('status')) : '')),
  text('StorageClass', (claim) => claim.at('spec').text('storageClassName') ?? ''),
  attributesClassColumn,
  ageColumn,
  volumeModeColumn,
];

export const volumeColumns: readonly Column[] = [
  nameColumn,
  text('Capacity', (volume) => capacityText(volume.at('spec'))),
  text('Access Modes', (volume) => accessModes(volume.at('spec'))),
  text('Reclaim Policy', (volume) => volume.at('spec').text('persistentVolumeReclaimPolicy') ?? ''),
  text('Status', phaseText),
  text('Claim', (volume) => {
    const claim = volume.at('spec', 'claimRef');
    return claim.has('name') ? `${claim.text('namespace') ?? ''}/${claim.text('name')}` : '';
  }),
  text('StorageClass', (volume) => volume.at('spec').text('storageClassName') ?? ''),
  attributesClassColumn,
  text('Reason', (volume) => volume.at('status').text('reason') ?? ''),
  ageColumn,
  volumeModeColumn,
];

export const storageClassColumns: readonly Column[] = [
  {
    ...nameColumn,
    cell: (object, now) => {
      const annotations = object.at('metadata', 'annotations');
      const isDefault = annotations.text('storageclass.kubernetes.io/is-default-class') === 'true';
      return `${String(nameColumn.cell(object, now))}${isDefault ? ' (default)' : ''}`;
    },
  },
  text('Provisioner', (object) => object.text('provisioner') ?? ''),
  text('ReclaimPolicy', (object) => object.text('reclaimPolicy') ?? 'Delete'),
  text('VolumeBindingMode', (object) => object.text('volumeBindingMode') ?? 'Immediate'),
  text('AllowVolumeExpansion', (object) => object.flag('allowVolumeExpansion')),
  ageColumn,
];

export const csiNodeColumns: readonly Column[] = [
  nameColumn,
  integer('Drivers', (object) => object.at('spec').list('drivers').length),
  ageColumn,
];

export const csiDriverColumns: readonly Column[] = [
  nameColumn,
  // Left out means yes.
  flag('AttachRequired', (driver) => driver.at('spec').raw('attachRequired') !== false),
  flag('PodInfoOnMount', (driver) => driver.at('spec').flag('podInfoOnMount')),
  flag('StorageCapacity', (driver) => driver.at('spec').flag('storageCapacity')),
  text('TokenRequests', (driver) => {
    const audiences = driver
      .at('spec')
      .list('tokenRequests')
      .map((each) => each.text('audience') ?? '');
    return audiences.length === 0 ? '<unset>' : audiences.join(',');
  }),
  flag('RequiresRepublish', (driver) => driver.at('spec').flag('requiresRepublish')),
  text('Modes', (driver) => {
    const modes = driver.at('spec').texts('volumeLifecycleModes');
    return modes.length === 0 ? '<none>' : modes.join(',');
  }),
  ageColumn,
];

export const volumeAttachmentColumns: readonly Column[] = [
  nameColumn,
  { ...text('Attacher', (object) => object.at('spec').text('attacher') ?? ''), format: 'name' },
  text('PV', (object) => object.at('spec', 'source').text('persistentVolumeName') ?? ''),
  text('Node', (object) => object.at('spec').text('nodeName') ?? ''),
  flag('Attached', (object) => object.at('status').flag('attached')),
  ageColumn,
];

export const resourceQuotaColumns: readonly Column[] = [
  nameColumn,
  text('Request', (quota) => quotaText(quota, (name) => !name.startsWith('limits.'))),
  text('Limit', (quota) => quotaText(quota, (name) => name.startsWith('limits.'))),
  ageColumn,
];

function quotaText(quota: Fields, isWanted: (name: string) => boolean): string {
  const { hard, used } = { hard: quota.at('status', 'hard'), used: quota.at('status', 'used') };
  const names = hard.keys.filter(isWanted).toSorted();
  return names.map((name) => `${name}: ${used.text(name) ?? '0'}/${hard.text(name) ?? '0'}`).join(', ');
}

export const podTemplateColumns: readonly Column[] = [
  nameColumn,
  text('Containers', (object) => templateTexts(object, 'name')),
  text('Images', (object) => templateTexts(object, 'image')),
  text('Pod Labels', (object) => labelsText(object.at('template', 'metadata', 'labels'))),
];

function templateTexts(object: Fields, key: string): string {
  const containers = object.at('template', 'spec').list('containers');
  return containers.map((container) => container.text(key) ?? '').join(',');
}

function phaseText(object: Fields): string {
  return object.at('metadata').has('deletionTimestamp')
    ? 'Terminating'
    : (object.at('status').text('phase') ?? '');
}

function isBound(claim: Fields): boolean {
  return claim.at('spec').has('volumeName');
}

function capacityText(owner: Fields): string {
  return owner.at('capacity').text('storage') ?? '';
}

const MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

/** Always in this order, whatever the object has. */
function accessModes(owner: Fields): string {
  const modes = owner.texts('accessModes');
  return Object.entries(MODES)
    .filter(([mode]) => modes.includes(mode))
    .map(([, short]) => short)
    .join(',');
}
