import { compareQuantities } from '../quantity.ts';
import type { FieldError } from '../schema.ts';
import {
  type Json,
  listOf,
  notNegative,
  oneOf,
  optionalText,
  portErrors,
  portOrNameErrors,
  recordOf,
  repeatedErrors,
  requiredText,
  textOf,
} from './checks.ts';
import { invalid, notFound, required } from './field-errors.ts';
import { dnsLabelErrors, environmentNameErrors, portNameErrors } from './names.ts';

const anything = (): readonly string[] => [];

/** What is wrong with a container. `volumes` are the names that it may mount. */
export function containerErrors(
  container: Json,
  path: string,
  volumes: ReadonlySet<string>,
): readonly FieldError[] {
  const { name, image, imagePullPolicy, terminationMessagePolicy, ports, env, volumeMounts, resources } =
    container;
  return [
    ...requiredText(name, `${path}.name`, dnsLabelErrors),
    ...requiredText(image, `${path}.image`, imageErrors),
    ...listOf(ports).flatMap((each, index) => containerPortErrors(each, `${path}.ports[${index}]`)),
    ...repeatedErrors(listOf(ports).map((each, index) => [`${path}.ports[${index}].name`, each.name])),
    ...listOf(env).flatMap((each, index) => variableErrors(each, `${path}.env[${index}]`)),
    ...listOf(volumeMounts).flatMap((each, index) =>
      mountErrors(each, `${path}.volumeMounts[${index}]`, volumes),
    ),
    ...['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((key) =>
      container[key] === undefined ? [] : probeErrors(recordOf(container[key]), `${path}.${key}`),
    ),
    ...oneOf(imagePullPolicy, `${path}.imagePullPolicy`, ['Always', 'IfNotPresent', 'Never']),
    ...oneOf(terminationMessagePolicy, `${path}.terminationMessagePolicy`, ['File', 'FallbackToLogsOnError']),
    ...resourceErrors(recordOf(resources), `${path}.resources`),
  ];
}

function imageErrors(image: string): readonly string[] {
  return image.trim() === image ? [] : ['must not have leading or trailing whitespace'];
}

function containerPortErrors(
  { name, containerPort, hostPort, protocol }: Json,
  path: string,
): readonly FieldError[] {
  const isMissing = containerPort === undefined || containerPort === 0;
  return [
    ...optionalText(name, `${path}.name`, portNameErrors),
    ...(isMissing ? [required(`${path}.containerPort`)] : portErrors(containerPort, `${path}.containerPort`)),
    ...(hostPort === 0 ? [] : portErrors(hostPort, `${path}.hostPort`)),
    ...oneOf(protocol, `${path}.protocol`, ['SCTP', 'TCP', 'UDP']),
  ];
}

function variableErrors({ name, value, valueFrom }: Json, path: string): readonly FieldError[] {
  const from = recordOf(valueFrom);
  const isTwice = valueFrom !== undefined && textOf(value) !== '';
  return [
    ...requiredText(name, `${path}.name`, environmentNameErrors),
    ...['configMapKeyRef', 'secretKeyRef'].flatMap((key) =>
      from[key] === undefined
        ? []
        : requiredText(recordOf(from[key]).key, `${path}.valueFrom.${key}.key`, anything),
    ),
    ...(isTwice ? [invalid(`${path}.valueFrom`, '', 'may not be specified when `value` is not empty')] : []),
  ];
}

function mountErrors(
  { name, mountPath }: Json,
  path: string,
  volumes: ReadonlySet<string>,
): readonly FieldError[] {
  return [
    ...requiredText(name, `${path}.name`, anything),
    ...(volumes.has(textOf(name)) ? [] : [notFound(`${path}.name`, textOf(name))]),
    ...requiredText(mountPath, `${path}.mountPath`, anything),
  ];
}

const HANDLERS = ['exec', 'grpc', 'httpGet', 'tcpSocket'];

function probeErrors(probe: Json, path: string): readonly FieldError[] {
  const handlers = HANDLERS.filter((key) => probe[key] !== undefined);
  const timing = [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ];
  return [
    ...(handlers.length === 0 ? [required(path, 'must specify a handler type')] : []),
    ...handlers
      .filter((key) => key !== 'exec')
      .flatMap((key) => portOrNameErrors(recordOf(probe[key]).port, `${path}.${key}.port`)),
    ...notNegative(probe, path, ...timing),
  ];
}

function resourceErrors({ limits, requests }: Json, path: string): readonly FieldError[] {
  const most = recordOf(limits);
  return [
    ...quantityErrors(most, `${path}.limits`),
    ...quantityErrors(recordOf(requests), `${path}.requests`),
    ...Object.entries(recordOf(requests)).flatMap(([name, value]) => {
      const limit = most[name];
      if (limit === undefined || compareQuantities(textOf(value), textOf(limit)) <= 0) return [];
      return [
        invalid(`${path}.requests`, value, `must be less than or equal to ${name} limit of ${textOf(limit)}`),
      ];
    }),
  ];
}

function quantityErrors(resources: Json, path: string): readonly FieldError[] {
  return Object.entries(resources)
    .filter(([, value]) => textOf(value).startsWith('-'))
    .map(([name, value]) => invalid(`${path}[${name}]`, value, 'must be greater than or equal to 0'));
}
