import { isIP } from 'node:net';
import type { FieldError } from '../schema.ts';
import {
  type Json,
  listOf,
  oneOf,
  optionalText,
  portErrors,
  portOrNameErrors,
  recordOf,
  repeatedErrors,
  requiredText,
  textOf,
} from './checks.ts';
import { duplicate, forbidden, invalid, notSupported, required } from './field-errors.ts';
import { labelErrors } from './labels.ts';
import { dnsLabelErrors, subdomainErrors } from './names.ts';

const SERVICE_TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

export function serviceErrors({ spec: value }: Json): readonly FieldError[] {
  const spec = recordOf(value);
  const ports = listOf(spec.ports);
  const isNamed = spec.type === 'ExternalName';
  const isHeadless = spec.clusterIP === 'None';
  return [
    ...(ports.length === 0 && !isNamed && !isHeadless ? [required('spec.ports')] : []),
    ...(isNamed ? requiredText(spec.externalName, 'spec.externalName', subdomainErrors) : []),
    ...ports.flatMap((port, index) => servicePortErrors(port, `spec.ports[${index}]`, ports.length > 1)),
    ...repeatedErrors(ports.map(({ name }, index) => [`spec.ports[${index}].name`, name])),
    ...samePortErrors(ports),
    ...labelErrors(spec.selector, 'spec.selector'),
    ...oneOf(spec.sessionAffinity, 'spec.sessionAffinity', ['ClientIP', 'None']),
    ...oneOf(spec.type, 'spec.type', SERVICE_TYPES),
    ...addressErrors(spec.clusterIP),
    ...(spec.type === 'ClusterIP' ? ports.flatMap(nodePortErrors) : []),
  ];
}

function servicePortErrors(
  { name, port, targetPort, protocol }: Json,
  path: string,
  isOneOfMany: boolean,
): readonly FieldError[] {
  return [
    ...(isOneOfMany
      ? requiredText(name, `${path}.name`, dnsLabelErrors)
      : optionalText(name, `${path}.name`, dnsLabelErrors)),
    ...portErrors(port ?? 0, `${path}.port`),
    ...oneOf(protocol, `${path}.protocol`, PROTOCOLS),
    ...portOrNameErrors(targetPort, `${path}.targetPort`),
  ];
}

function samePortErrors(ports: readonly Json[]): readonly FieldError[] {
  return ports.flatMap(({ port, protocol }, index) => {
    const isSame = ports.slice(0, index).some((other) => other.port === port && other.protocol === protocol);
    // The server shows its own type, cut down to what it compared.
    const shown = { Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
    return isSame ? [duplicate(`spec.ports[${index}]`, shown)] : [];
  });
}

function addressErrors(address: unknown): readonly FieldError[] {
  const text = textOf(address);
  if (text === '' || text === 'None' || isIP(text) !== 0) return [];
  return [
    invalid('spec.clusterIPs[0]', text, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'),
  ];
}

function nodePortErrors({ nodePort }: Json, index: number): readonly FieldError[] {
  if (nodePort === undefined || nodePort === 0) return [];
  return [forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'")];
}

const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];

export function ingressErrors({ spec: value }: Json): readonly FieldError[] {
  const { rules, defaultBackend } = recordOf(value);
  const isEmpty = defaultBackend === undefined && listOf(rules).length === 0;
  return [
    ...(isEmpty ? [invalid('spec', null, 'either `defaultBackend` or `rules` must be specified')] : []),
    ...(defaultBackend === undefined ? [] : backendErrors(recordOf(defaultBackend), 'spec.defaultBackend')),
    ...listOf(rules).flatMap((rule, index) => ruleErrors(rule, `spec.rules[${index}]`)),
  ];
}

function ruleErrors({ host, http }: Json, path: string): readonly FieldError[] {
  const rule = (text: string): readonly string[] => subdomainErrors(text.replace(/^\*\./, ''));
  const inHost = optionalText(host, `${path}.host`, rule);
  if (http === undefined) return inHost;
  const paths = listOf(recordOf(http).paths);
  const at = `${path}.http.paths`;
  if (paths.length === 0) return [...inHost, required(at)];
  return [...inHost, ...paths.flatMap((each, index) => pathErrors(each, `${at}[${index}]`))];
}

function pathErrors({ path: value, pathType, backend }: Json, at: string): readonly FieldError[] {
  const inBackend = backendErrors(recordOf(backend), `${at}.backend`);
  if (pathType === undefined) return [required(`${at}.pathType`, 'pathType must be specified'), ...inBackend];
  if (!PATH_TYPES.includes(textOf(pathType))) {
    return [notSupported(`${at}.pathType`, pathType, PATH_TYPES), ...inBackend];
  }
  const isAbsolute =
    textOf(value).startsWith('/') || (value === undefined && pathType === 'ImplementationSpecific');
  return [
    ...(isAbsolute ? [] : [invalid(`${at}.path`, value ?? '', 'must be an absolute path')]),
    ...inBackend,
  ];
}

function backendErrors({ service, resource }: Json, path: string): readonly FieldError[] {
  if (service === undefined) {
    return resource === undefined ? [invalid(path, '', 'resource or service backend is required')] : [];
  }
  const { name, port } = recordOf(service);
  const { name: portName, number } = recordOf(port);
  return [
    ...requiredText(name, `${path}.service.name`, dnsLabelErrors),
    ...(textOf(portName) === '' && (number === undefined || number === 0)
      ? [required(path, 'port name or number is required')]
      : portErrors(number, `${path}.service.port.number`)),
  ];
}

export function networkPolicyErrors({ spec: value }: Json): readonly FieldError[] {
  const { policyTypes } = recordOf(value);
  const types = Array.isArray(policyTypes) ? (policyTypes as readonly unknown[]) : [];
  return types.flatMap((type, index) => oneOf(type, `spec.policyTypes[${index}]`, ['Ingress', 'Egress']));
}
