import type { KubeObject } from '../api/object.ts';
import { apiVersionOf, type ServedResource } from '../api/resource.ts';

/** An object as a version of its resource shows it. Objects keep the form in which they were last written. */
export function toServed(object: KubeObject, resource: ServedResource): KubeObject {
  return inVersion(object, apiVersionOf(resource));
}

/** The form to store: that of the object which it replaces, so that a change of version alone is no change. */
export function toStored(object: KubeObject, live: KubeObject | undefined): KubeObject {
  return live === undefined ? object : inVersion(object, live.apiVersion);
}

function inVersion(object: KubeObject, apiVersion: string): KubeObject {
  if (object.apiVersion === apiVersion) return object;
  const renames = object.kind === 'Event' ? RENAMES[apiVersion] : undefined;
  const members = Object.entries(object).map(([key, value]) => [renames?.[key] ?? key, value]);
  return { ...(Object.fromEntries(members) as KubeObject), apiVersion };
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

/** The one kind that two groups show differently. */
const RENAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'events.k8s.io/v1': TO_EVENTS_GROUP,
  v1: Object.fromEntries(Object.entries(TO_EVENTS_GROUP).map(([core, other]) => [other, core])),
};
