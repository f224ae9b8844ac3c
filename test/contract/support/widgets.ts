import { randomBytes } from 'node:crypto';
import { atEnd } from '../../real/support/at-end.ts';
import { at, listAt } from '../../real/support/exact-json.ts';
import { waitUntil } from '../../cluster/wait.ts';
import { admin } from './api.ts';
import { created } from './objects.ts';

/** A custom kind `Widget` of a suite's own. */
export interface Widgets {
  readonly group: string;
  readonly apiVersion: string;
  /** Of the definition. */
  readonly definition: string;
  /** `widgets.GROUP`. */
  readonly definitionName: string;
  /** What the gateway calls the kind: `Kg12ExampleComV1Widget`, and with a small first letter. */
  readonly typeName: string;
  readonly fieldName: string;
  /** Of the collection in a namespace, or of one in it. */
  path(namespace: string, name?: string): string;
  object(name: string, spec?: object, metadata?: object): object;
}

export const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Creates the definition and waits until discovery and OpenAPI name it. It goes after the file's last test. */
export async function newWidgets(): Promise<Widgets> {
  const widgets = widgetsOf(`kg${randomBytes(5).toString('hex')}`);
  await created(DEFINITIONS, widgetDefinition(widgets.group));
  atEnd(() => admin.delete(widgets.definition));
  await untilDescribed(widgets.group);
  return widgets;
}

/** The names of a definition that need not be there. */
export function widgetsOf(label: string): Widgets {
  const group = `${label}.example.com`;
  const apiVersion = `${group}/v1`;
  const fieldName = `${label}ExampleComV1Widget`;
  return {
    group,
    apiVersion,
    definitionName: `widgets.${group}`,
    definition: `${DEFINITIONS}/widgets.${group}`,
    fieldName,
    typeName: `${fieldName.charAt(0).toUpperCase()}${fieldName.slice(1)}`,
    path: (namespace, name) =>
      `/apis/${apiVersion}/namespaces/${namespace}/widgets${name === undefined ? '' : `/${name}`}`,
    object: (name, spec = {}, metadata = {}) => ({
      apiVersion,
      kind: 'Widget',
      metadata: { name, ...metadata },
      spec,
    }),
  };
}

/** Waits until discovery and OpenAPI know a group's widgets, and until they can be listed. */
export async function untilDescribed(group: string): Promise<void> {
  const missing = async () => {
    const discovery = await admin.get(`/apis/${group}/v1`);
    if (discovery.status !== 200 || listAt(discovery.json, 'resources').length === 0)
      return 'not in discovery';
    const document = await admin.get(`/openapi/v3/apis/${group}/v1`);
    if (at(document.json, 'components', 'schemas') === undefined) return 'not in OpenAPI';
    // For a moment a new storage answers 429.
    const list = await admin.get(`/apis/${group}/v1/widgets`);
    return list.status === 200 ? undefined : `its list answers ${list.status}`;
  };
  await waitUntil(`${group} is described`, missing, { timeoutMs: 60_000, intervalMs: 20 });
}

/** With all that custom resources may have: status, scale, columns, selectable fields, rules. */
export function widgetDefinition(group: string): object {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: {
        plural: 'widgets',
        singular: 'widget',
        kind: 'Widget',
        listKind: 'WidgetList',
        shortNames: ['wd'],
      },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: {
            status: {},
            scale: {
              specReplicasPath: '.spec.replicas',
              statusReplicasPath: '.status.replicas',
              labelSelectorPath: '.status.selector',
            },
          },
          additionalPrinterColumns: [
            { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
            { name: 'Mode', type: 'string', jsonPath: '.spec.mode', description: 'how', priority: 1 },
          ],
          selectableFields: [{ jsonPath: '.spec.mode' }],
          schema: { openAPIV3Schema: widgetSchema() },
        },
      ],
    },
  };
}

function widgetSchema(): object {
  return {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: SPEC,
        'x-kubernetes-validations': [
          {
            rule: '!has(self.max) || !has(self.small) || self.small <= self.max',
            message: 'small is at most max',
            fieldPath: '.small',
            reason: 'FieldValueForbidden',
          },
        ],
      },
      status: {
        type: 'object',
        properties: {
          phase: { type: 'string' },
          replicas: { type: 'integer' },
          selector: { type: 'string' },
        },
      },
    },
  };
}

const SPEC = {
  replicas: { type: 'integer', format: 'int32' },
  size: { type: 'integer', format: 'int64' },
  small: { type: 'integer', format: 'int32' },
  max: { type: 'integer' },
  ratio: { type: 'number' },
  port: { 'x-kubernetes-int-or-string': true },
  text: { type: 'string', maxLength: 20 },
  mode: { type: 'string', enum: ['Fast', 'Slow'] },
  at: { type: 'string', format: 'date-time' },
  defaulted: { type: 'integer', default: 7 },
  nothing: { type: 'string', nullable: true },
  labels: { type: 'object', additionalProperties: { type: 'string' } },
  free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  parts: {
    type: 'array',
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['name'],
    items: {
      type: 'object',
      required: ['name'],
      properties: { name: { type: 'string' }, count: { type: 'integer' } },
    },
  },
};
