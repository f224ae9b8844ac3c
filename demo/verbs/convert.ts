import type { KubeObject } from '../api/object.ts';
import { apiVersionOf, type ServedResource } from '../api/resource.ts';
import { autoscalerToV1, autoscalerToV2 } from './autoscaler-versions.ts';

/** An object as a version of its resource shows it. */
export function toServed(object: KubeObject, resource: ServedResource): KubeObject {
  return inVersion(object, apiVersionOf(resource));
}

/**
 * The form to store. Autoscalers are stored as v2, which can say more. Others keep that of the object which they replace, so
 * that a change of version alone is no change.
 */
export function toStored(object: KubeObject, live?: KubeObject): KubeObject {
  if (object.apiVersion === 'autoscaling/v1') return inVersion(object, 'autoscaling/v2');
  return live === undefined ? object : inVersion(object, live.apiVersion);
}

function inVersion(object: KubeObject, apiVersion: string): KubeObject {
  if (object.apiVersion === apiVersion) return object;
  const convert = CONVERSIONS[object.kind]?.[apiVersion];
  return convert === undefined ? { ...object, apiVersion } : convert(object);
}

const TO_EVENTS_GROUP: Readonly<Record<string, string>> = {
  involvedObject: 'regarding',
  message: 'note',
  reportingComponent: 'reportingController',
  source: 'deprecatedSource',
  firstTimestamp: 'deprecatedFirstTimestamp',
  lastTimestamp: 'deprecatedLastTimestamp',
  count: 'deprecatedCount',
};

const TO_CORE = Object.fromEntries(Object.entries(TO_EVENTS_GROUP).map(([core, other]) => [other, core]));

/** The kinds whose versions differ in more than their name. */
const CONVERSIONS: Readonly<Record<string, Readonly<Record<string, (object: KubeObject) => KubeObject>>>> = {
  Event: {
    'events.k8s.io/v1': (event) => renamed(event, TO_EVENTS_GROUP, 'events.k8s.io/v1'),
    v1: (event) => renamed(event, TO_CORE, 'v1'),
  },
  HorizontalPodAutoscaler: { 'autoscaling/v1': autoscalerToV1, 'autoscaling/v2': autoscalerToV2 },
};

function renamed(
  object: KubeObject,
  names: Readonly<Record<string, string>>,
  apiVersion: string,
): KubeObject {
  const members = Object.entries(object).map(([key, value]) => [names[key] ?? key, value]);
  return { ...(Object.fromEntries(members) as KubeObject), apiVersion };
}
