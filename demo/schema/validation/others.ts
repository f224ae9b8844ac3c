import type { FieldError } from '../schema.ts';
import {
  countErrors,
  type Json,
  listOf,
  notNegative,
  oneOf,
  recordOf,
  requiredText,
  textOf,
} from './checks.ts';
import { forbidden, invalid, notSupported, required } from './field-errors.ts';
import { configKeyErrors } from './names.ts';

const anything = (): readonly string[] => [];

export function configMapErrors({ data, binaryData }: Json): readonly FieldError[] {
  const binary = recordOf(binaryData);
  return [
    ...Object.keys(recordOf(data)).flatMap((key) => [
      ...keyErrors(key, 'data'),
      ...(Object.hasOwn(binary, key)
        ? [invalid(`data[${key}]`, key, 'duplicate of key present in binaryData')]
        : []),
    ]),
    ...Object.keys(binary).flatMap((key) => keyErrors(key, 'binaryData')),
    ...sizeErrors([...Object.values(recordOf(data)), ...Object.values(binary)], ''),
  ];
}

function keyErrors(key: string, field: string): readonly FieldError[] {
  return configKeyErrors(key).map((error) => invalid(`${field}[${key}]`, key, error));
}

const MAX_BYTES = 1024 * 1024;

function sizeErrors(values: readonly unknown[], field: string): readonly FieldError[] {
  const size = values.reduce((sum: number, value) => sum + Buffer.byteLength(textOf(value)), 0);
  if (size <= MAX_BYTES) return [];
  const message = `Too long: may not be more than ${MAX_BYTES} bytes`;
  // The real server has no name for the whole of a ConfigMap.
  return [{ reason: 'FieldValueTooLong', field: field === '' ? '[]' : field, message }];
}

/** What a type of secret must have. */
const SECRET_KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

export function secretErrors({ data, type }: Json): readonly FieldError[] {
  const values = recordOf(data);
  const missing = (SECRET_KEYS[textOf(type)] ?? []).filter((key) => values[key] === undefined);
  const isBasic =
    type === 'kubernetes.io/basic-auth' && values.username === undefined && values.password === undefined;
  return [
    ...Object.keys(values).flatMap((key) => keyErrors(key, 'data')),
    ...sizeErrors(
      Object.values(values).map((value) => Buffer.from(textOf(value), 'base64').toString('latin1')),
      'data',
    ),
    ...missing.map((key) => required(`data[${key}]`)),
    ...(isBasic ? [required('data[username]'), required('data[password]')] : []),
  ];
}

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

export function claimErrors({ spec: value }: Json): readonly FieldError[] {
  const { accessModes, resources, volumeMode } = recordOf(value);
  const modes = Array.isArray(accessModes) ? (accessModes as readonly unknown[]) : [];
  const { storage } = recordOf(recordOf(resources).requests);
  return [
    ...(modes.length === 0 ? [required('spec.accessModes', 'at least 1 access mode is required')] : []),
    ...modes.flatMap((mode) => oneOf(mode, 'spec.accessModes', ACCESS_MODES)),
    ...(storage === undefined ? [required('spec.resources[storage]')] : []),
    ...(/^(0|-.*)$/.test(textOf(storage))
      ? [invalid('spec.resources[storage]', storage, 'must be greater than zero')]
      : []),
    ...oneOf(volumeMode, 'spec.volumeMode', ['Block', 'Filesystem']),
  ];
}

export function autoscalerErrors({ spec: value }: Json): readonly FieldError[] {
  const { minReplicas, maxReplicas = 0, scaleTargetRef, metrics } = recordOf(value);
  const { kind, name, apiVersion } = recordOf(scaleTargetRef);
  const group = textOf(apiVersion);
  const least = Number(minReplicas);
  const most = Number(maxReplicas);
  const isFromZero = least === 0 && metrics !== undefined;
  const at = 'spec.scaleTargetRef';
  return [
    ...(least < 1 ? [invalid('spec.minReplicas', minReplicas, 'must be greater than or equal to 1')] : []),
    ...(most < 1 ? [required('spec.maxReplicas', 'must be set and greater than 0')] : []),
    ...(most < least
      ? [invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`')]
      : []),
    ...requiredText(kind, `${at}.kind`, anything),
    ...requiredText(name, `${at}.name`, anything),
    ...(group === '' ? [invalid(`${at}.apiVersion`, group, 'apiVersion must specify API group')] : []),
    ...(isFromZero
      ? [
          forbidden(
            'spec.metrics',
            'must specify at least one Object or External metric to support scaling to zero replicas',
          ),
        ]
      : []),
  ];
}

export function disruptionBudgetErrors({ spec: value }: Json): readonly FieldError[] {
  const spec = recordOf(value);
  const { minAvailable, maxUnavailable } = spec;
  // The server's own type.
  const shown = {
    MinAvailable: minAvailable,
    Selector: null,
    MaxUnavailable: maxUnavailable,
    UnhealthyPodEvictionPolicy: null,
  };
  const isBoth = minAvailable !== undefined && maxUnavailable !== undefined;
  return [
    ...(isBoth ? [invalid('spec', shown, 'minAvailable and maxUnavailable cannot be both set')] : []),
    ...countErrors(spec, 'spec', 'minAvailable'),
    ...countErrors(spec, 'spec', 'maxUnavailable'),
  ];
}

const RBAC = 'rbac.authorization.k8s.io';

export function bindingErrors({ kind: own, roleRef, subjects }: Json): readonly FieldError[] {
  const { apiGroup, kind = '', name } = recordOf(roleRef);
  return [
    ...oneOf(apiGroup, 'roleRef.apiGroup', [RBAC]),
    ...oneOf(kind, 'roleRef.kind', own === 'RoleBinding' ? ['Role', 'ClusterRole'] : ['ClusterRole']),
    ...requiredText(name, 'roleRef.name', anything),
    ...listOf(subjects).flatMap((subject, index) =>
      subjectErrors(subject, `subjects[${index}]`, own === 'RoleBinding'),
    ),
  ];
}

const SUBJECTS = ['ServiceAccount', 'User', 'Group'];

function subjectErrors(
  { kind = '', name, namespace }: Json,
  path: string,
  isInNamespace: boolean,
): readonly FieldError[] {
  const needsNamespace = kind === 'ServiceAccount' && !isInNamespace && textOf(namespace) === '';
  return [
    ...requiredText(name, `${path}.name`, anything),
    ...(needsNamespace ? [required(`${path}.namespace`)] : []),
    ...(SUBJECTS.includes(textOf(kind)) ? [] : [notSupported(`${path}.kind`, kind, SUBJECTS)]),
  ];
}

export function leaseErrors({ spec: value }: Json): readonly FieldError[] {
  const spec = recordOf(value);
  const { leaseDurationSeconds: duration } = spec;
  const isWrong = typeof duration === 'number' && duration <= 0;
  return [
    ...(isWrong ? [invalid('spec.leaseDurationSeconds', duration, 'must be greater than 0')] : []),
    ...notNegative(spec, 'spec', 'leaseTransitions'),
  ];
}

export function eventErrors({ metadata, involvedObject, apiVersion }: Json): readonly FieldError[] {
  if (apiVersion !== 'v1') return [];
  const { namespace } = recordOf(metadata);
  const about = textOf(recordOf(involvedObject).namespace);
  // Of objects without a namespace, events are in `default`.
  const isSame = about === '' || about === namespace;
  return isSame ? [] : [invalid('involvedObject.namespace', about, 'does not match event.namespace')];
}
