import { atEnd } from './at-end.ts';
import { waitUntil } from '../../cluster/wait.ts';
import { listAt, at } from './exact-json.ts';
import type { Kubectl } from './kubectl.ts';
import { uniqueName } from './suite.ts';

/** A custom kind `Widget` of a suite's own, with all that custom resources may have. */
export interface CustomKind {
  readonly group: string;
  readonly apiVersion: string;
  /** The qualified fields' names without their verb: `Kg12ExampleComV1Widget`. */
  readonly typeName: string;
  /** `kg12ExampleComV1Widgets` and `kg12ExampleComV1Widget`. */
  readonly list: string;
  readonly get: string;
  /** A Widget as an object for kubectl. */
  object(name: string, spec?: object, labels?: Readonly<Record<string, string>>): object;
}

/**
 * Creates the definition and waits until OpenAPI describes it. It goes after the file's last test, with its objects.
 *
 * @param more further properties of a Widget's spec.
 */
export async function createWidgets(
  kubectl: Kubectl,
  scope: 'Namespaced' | 'Cluster' = 'Namespaced',
  more: object = {},
) {
  const label = uniqueName().replace('-', '');
  const group = `${label}.example.com`;
  const crd = `widgets.${group}`;
  await kubectl.apply('default', definition(group, scope, more));
  atEnd(() => kubectl.delete('crd', crd));
  await waitUntil(`${crd} is described`, () => notDescribed(kubectl, group), { timeoutMs: 60_000 });
  const apiVersion = `${group}/v1`;
  const prefix = `${label}ExampleComV1`;
  return {
    group,
    apiVersion,
    typeName: `${prefix.charAt(0).toUpperCase()}${prefix.slice(1)}Widget`,
    list: `${prefix}Widgets`,
    get: `${prefix}Widget`,
    object: (name, spec = {}, labels = {}) => ({
      apiVersion,
      kind: 'Widget',
      metadata: { name, labels },
      spec,
    }),
  } satisfies CustomKind;
}

async function notDescribed(kubectl: Kubectl, group: string): Promise<string | undefined> {
  const missing = () => undefined;
  const discovery = await kubectl.raw(`/apis/${group}/v1`).catch(missing);
  if (discovery === undefined || listAt(discovery, 'resources').length === 0) return 'not in discovery';
  const document = await kubectl.raw(`/openapi/v3/apis/${group}/v1`).catch(missing);
  return at(document, 'components', 'schemas') === undefined ? 'not in OpenAPI' : undefined;
}

function definition(group: string, scope: 'Namespaced' | 'Cluster', more: object): object {
  const spec = {
    type: 'object',
    properties: {
      size: { type: 'integer', format: 'int64' },
      small: { type: 'integer', format: 'int32' },
      ratio: { type: 'number' },
      port: { 'x-kubernetes-int-or-string': true },
      text: { type: 'string' },
      mode: { type: 'string', enum: ['Fast', 'Slow'] },
      defaulted: { type: 'integer', default: 7 },
      nothing: { type: 'string', nullable: true },
      $ref: { type: 'string' },
      'x-kubernetes-odd': { type: 'string' },
      'with-dash': { type: 'string' },
      labels: { type: 'object', additionalProperties: { type: 'string' } },
      free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
      open: {
        type: 'object',
        'x-kubernetes-preserve-unknown-fields': true,
        properties: { known: { type: 'string' } },
      },
      positive: { type: 'integer', minimum: 1 },
      ...more,
    },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope,
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
        },
      ],
    },
  };
}
