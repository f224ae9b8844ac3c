import { fill, fillMember, type Json } from './fill.ts';

export function claimDefaults(object: Json): Json {
  return { ...object, spec: claimSpecDefaults(object.spec) };
}

export function claimSpecDefaults(spec: unknown): Json {
  return fill(spec, { volumeMode: 'Filesystem' });
}

export function volumeDefaults(object: Json): Json {
  const spec = fill(object.spec, { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' });
  return {
    ...object,
    spec: { ...spec, ...fillMember(spec, 'hostPath', (source) => fill(source, { type: '' })) },
  };
}

export function storageClassDefaults(object: Json): Json {
  return { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate', ...object };
}
