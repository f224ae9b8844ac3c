import type { Exact } from '../../real/support/exact-json.ts';
import { admin, type Answer, type Call } from './api.ts';

/** POSTs what must be accepted and answers what was stored. */
export async function created(path: string, object: object, call?: Call): Promise<Exact> {
  const answer = await admin.post(path, object, call);
  if (answer.status !== 201) throw new Error(`POST ${path}: ${answer.status} ${answer.text}`);
  return bodyOf(answer);
}

/** The JSON of an answer that must have succeeded. */
export function bodyOf(answer: Answer): Exact {
  if (answer.status < 300 && answer.json !== undefined) return answer.json;
  throw new Error(`no success, but ${answer.status} ${answer.text.slice(0, 1000)}`);
}

export function configMap(name: string, data: Record<string, unknown> = {}, metadata: object = {}): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data };
}

export function deployment(name: string, spec: object = {}): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [container()] } },
      ...spec,
    },
  };
}

export function pod(name: string, spec: object = {}, metadata: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...metadata },
    spec: { containers: [container()], terminationGracePeriodSeconds: 0, ...spec },
  };
}

/** A pod that no node takes. */
export function unscheduledPod(name: string, spec: object = {}, metadata: object = {}): object {
  return pod(name, { schedulerName: 'none', ...spec }, metadata);
}

export function container(name = 'main', fields: object = {}): object {
  return { name, image: 'example.com/none:1', ...fields };
}
