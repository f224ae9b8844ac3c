import { isRecord } from '../record.ts';
import { fill, fillEach, type Json } from './fill.ts';

export function podDefaults(pod: Json): Json {
  const spec = podSpecDefaults(isRecord(pod.spec) ? pod.spec : {});
  return {
    ...pod,
    spec: {
      enableServiceLinks: true,
      ...spec,
      ...fillEach(spec, 'containers', withRequests),
      ...fillEach(spec, 'initContainers', withRequests),
    },
  };
}

export function podTemplateDefaults(template: unknown): Json {
  const { spec = {}, metadata = {}, ...rest } = isRecord(template) ? template : {};
  return { ...rest, metadata, spec: podSpecDefaults(isRecord(spec) ? spec : {}) };
}

function podSpecDefaults(spec: Json): Json {
  const isOnHost = spec.hostNetwork === true;
  const container = (each: Json): Json => containerDefaults(each, isOnHost);
  const account = spec.serviceAccountName ?? spec.serviceAccount;
  return {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
    ...spec,
    ...(account === undefined ? {} : { serviceAccountName: account, serviceAccount: account }),
    ...fillEach(spec, 'containers', container),
    ...fillEach(spec, 'initContainers', container),
    ...fillEach(spec, 'volumes', volumeDefaults),
  };
}

function containerDefaults(container: Json, isOnHost: boolean): Json {
  const port = (each: Json): Json => ({
    protocol: 'TCP',
    ...(isOnHost ? { hostPort: each.containerPort } : {}),
    ...each,
  });
  return {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pullPolicy(typeof container.image === 'string' ? container.image : ''),
    ...container,
    ...fillEach(container, 'ports', port),
    ...fillEach(container, 'env', envDefaults),
    ...probeDefaults(container),
    ...(isRecord(container.lifecycle) ? { lifecycle: lifecycleDefaults(container.lifecycle) } : {}),
  };
}

/** An image without a tag, or with `latest`, may be another one tomorrow. */
function pullPolicy(image: string): string {
  if (image.includes('@')) return 'IfNotPresent';
  const tag = /:([^/:]+)$/.exec(image)?.[1] ?? 'latest';
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function envDefaults(variable: Json): Json {
  const from = variable.valueFrom;
  if (!isRecord(from)) return variable;
  const fieldRef = isRecord(from.fieldRef) ? { fieldRef: fill(from.fieldRef, { apiVersion: 'v1' }) } : {};
  const resource = isRecord(from.resourceFieldRef)
    ? { resourceFieldRef: fill(from.resourceFieldRef, { divisor: '0' }) }
    : {};
  return { ...variable, valueFrom: { ...from, ...fieldRef, ...resource } };
}

function probeDefaults(container: Json): Json {
  const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((name): [string, Json][] => {
    const probe = container[name];
    if (!isRecord(probe)) return [];
    const timing = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
    const grpc = isRecord(probe.grpc) ? { grpc: fill(probe.grpc, { service: '' }) } : {};
    return [[name, { ...timing, ...handlerDefaults(probe), ...grpc }]];
  });
  return Object.fromEntries(probes);
}

function lifecycleDefaults(lifecycle: Json): Json {
  return Object.fromEntries(
    Object.entries(lifecycle).map(([name, handler]) => [
      name,
      isRecord(handler) ? handlerDefaults(handler) : handler,
    ]),
  );
}

function handlerDefaults(handler: Json): Json {
  if (!isRecord(handler.httpGet)) return handler;
  return { ...handler, httpGet: fill(handler.httpGet, { path: '/', scheme: 'HTTP' }) };
}

const FILE_MODE = { defaultMode: 420 };

function volumeDefaults(volume: Json): Json {
  const sources = Object.keys(volume).filter((key) => key !== 'name');
  if (sources.length === 0) return { ...volume, emptyDir: {} };
  return Object.fromEntries(
    Object.entries(volume).map(([key, source]) => [
      key,
      isRecord(source) ? sourceDefaults(key, source) : source,
    ]),
  );
}

function sourceDefaults(kind: string, source: Json): Json {
  switch (kind) {
    case 'configMap':
    case 'secret':
      return fill(source, FILE_MODE);
    case 'downwardAPI':
      return { ...fill(source, FILE_MODE), ...fillEach(source, 'items', fieldItemDefaults) };
    case 'projected':
      return { ...fill(source, FILE_MODE), ...fillEach(source, 'sources', projectionDefaults) };
    case 'hostPath':
      return fill(source, { type: '' });
    default:
      return source;
  }
}

function projectionDefaults(source: Json): Json {
  const { serviceAccountToken: token, downwardAPI } = source;
  return {
    ...source,
    ...(isRecord(token) ? { serviceAccountToken: fill(token, { expirationSeconds: 3600 }) } : {}),
    ...(isRecord(downwardAPI)
      ? { downwardAPI: { ...downwardAPI, ...fillEach(downwardAPI, 'items', fieldItemDefaults) } }
      : {}),
  };
}

function fieldItemDefaults(item: Json): Json {
  return isRecord(item.fieldRef) ? { ...item, fieldRef: fill(item.fieldRef, { apiVersion: 'v1' }) } : item;
}

/** A container asks for what it is limited to, unless it says otherwise. */
function withRequests(container: Json): Json {
  const { resources } = container;
  if (!isRecord(resources) || !isRecord(resources.limits)) return container;
  return { ...container, resources: { ...resources, requests: fill(resources.requests, resources.limits) } };
}
