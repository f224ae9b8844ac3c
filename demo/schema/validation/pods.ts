import type { FieldError } from '../schema.ts';
import {
  type Json,
  listOf,
  oneOf,
  optionalText,
  recordOf,
  repeatedErrors,
  requiredText,
  textOf,
} from './checks.ts';
import { containerErrors } from './containers.ts';
import { forbidden, invalid, notSupported, required } from './field-errors.ts';
import { labelErrors } from './labels.ts';
import { dnsLabelErrors, subdomainErrors } from './names.ts';

const RESTART_POLICIES = ['Always', 'OnFailure', 'Never'];
const DNS_POLICIES = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const MOST_SECONDS = 2_147_483_647;

export function podSpecErrors(value: unknown, path: string): readonly FieldError[] {
  const spec = recordOf(value);
  const volumes = listOf(spec.volumes);
  const names = new Set(volumes.map(({ name }) => textOf(name)));
  const containers = listOf(spec.containers);
  return [
    ...volumes.flatMap((volume, index) => volumeErrors(volume, `${path}.volumes[${index}]`)),
    ...repeatedErrors(volumes.map(({ name }, index) => [`${path}.volumes[${index}].name`, name])),
    ...(containers.length === 0 ? [required(`${path}.containers`)] : []),
    ...containers.flatMap((each, index) => containerErrors(each, `${path}.containers[${index}]`, names)),
    ...listOf(spec.initContainers).flatMap((each, index) =>
      containerErrors(each, `${path}.initContainers[${index}]`, names),
    ),
    ...repeatedErrors(
      ['containers', 'initContainers'].flatMap((key) =>
        listOf(spec[key]).map(({ name }, index): [string, unknown] => [
          `${path}.${key}[${index}].name`,
          name,
        ]),
      ),
    ),
    ...oneOf(spec.restartPolicy, `${path}.restartPolicy`, RESTART_POLICIES),
    ...oneOf(spec.dnsPolicy, `${path}.dnsPolicy`, DNS_POLICIES),
    ...labelErrors(spec.nodeSelector, `${path}.nodeSelector`),
    ...optionalText(spec.serviceAccountName, `${path}.serviceAccountName`, subdomainErrors),
    ...deadlineErrors(spec.activeDeadlineSeconds, `${path}.activeDeadlineSeconds`),
    ...optionalText(spec.hostname, `${path}.hostname`, dnsLabelErrors),
    ...optionalText(spec.subdomain, `${path}.subdomain`, dnsLabelErrors),
    ...listOf(spec.tolerations).flatMap((each, index) =>
      tolerationErrors(each, `${path}.tolerations[${index}]`),
    ),
  ];
}

function deadlineErrors(value: unknown, path: string): readonly FieldError[] {
  const isWrong = typeof value === 'number' && (value < 1 || value > MOST_SECONDS);
  return isWrong ? [invalid(path, value, `must be between 1 and ${MOST_SECONDS}, inclusive`)] : [];
}

const anything = (): readonly string[] => [];

function volumeErrors(volume: Json, path: string): readonly FieldError[] {
  const [, ...others] = Object.keys(volume).filter((key) => key !== 'name');
  const { name, secret, hostPath } = volume;
  return [
    ...requiredText(name, `${path}.name`, dnsLabelErrors),
    ...others.map((key) => forbidden(`${path}.${key}`, 'may not specify more than 1 volume type')),
    ...(secret === undefined
      ? []
      : requiredText(recordOf(secret).secretName, `${path}.secret.secretName`, anything)),
    ...(hostPath === undefined
      ? []
      : requiredText(recordOf(hostPath).path, `${path}.hostPath.path`, anything)),
  ];
}

function tolerationErrors({ key, operator }: Json, path: string): readonly FieldError[] {
  const isForAll = textOf(key) === '' && operator !== undefined && operator !== 'Exists';
  const rule = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
  const isKnown = operator === undefined || operator === 'Equal' || operator === 'Exists';
  return [
    ...(isForAll ? [invalid(`${path}.operator`, operator, rule)] : []),
    ...(isKnown ? [] : [notSupported(`${path}.operator`, operator, ['Equal', 'Exists'])]),
  ];
}
