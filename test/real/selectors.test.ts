import { describe, expect, it } from 'vitest';
import { createWidgets } from './support/custom-kind.ts';
import { listAt, textAt } from './support/exact-json.ts';
import { openSuite } from './support/suite.ts';

const { kubectl, gateway, namespace } = await openSuite();
const widgets = await createWidgets(kubectl);

const LABELS = [
  { app: 'web', tier: 'front' },
  { app: 'web', tier: 'back' },
  { app: 'db', tier: 'back', 'example.com/canary': '' },
  { app: 'cache' },
  {},
];
const configMap = (name: string, labels: object) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, labels },
});
await kubectl.create(
  namespace,
  ...LABELS.map((labels, index) => configMap(`c${index}`, labels)),
  ...LABELS.map((labels, index) =>
    widgets.object(`w${index}`, {}, labels as Readonly<Record<string, string>>),
  ),
);

async function namesFromGateway(field: string, args: string): Promise<readonly string[]> {
  const data = await gateway.data(`{ list: ${field}(${args}) { items { metadata { name } } } }`);
  return listAt(data, 'list', 'items').map((item) => textAt(item, 'metadata', 'name'));
}

async function namesFromKubectl(...args: readonly string[]): Promise<readonly string[]> {
  const list = await kubectl.get(...args);
  return listAt(list, 'items').map((item) => textAt(item, 'metadata', 'name'));
}

describe('a label selector selects what kubectl -l selects', () => {
  it.each([
    'app=web',
    'app==web,tier=back',
    'app!=web',
    'tier in (front, back)',
    'app notin (web,cache)',
    'example.com/canary',
    '!app',
    'app,!tier',
    'app=nothing-has-this',
  ])('%s', async (selector) => {
    const inNamespace = `namespace: "${namespace}", labelSelector: "${selector}"`;
    const configMaps = await namesFromKubectl('-n', namespace, 'configmaps', '-l', selector);
    expect(await namesFromGateway('configMaps', inNamespace)).toEqual(configMaps);
    const custom = await namesFromKubectl('-n', namespace, `widgets.${widgets.group}`, '-l', selector);
    expect(await namesFromGateway(widgets.list, inNamespace)).toEqual(custom);
  });
});

describe('a field selector selects what kubectl --field-selector selects', () => {
  it.each([
    ['pods', 'status.phase=Running'],
    ['pods', 'status.phase!=Running'],
    ['pods', 'spec.nodeName=kwok-node-0,metadata.namespace=bench'],
    ['nodes', 'metadata.name!=none'],
    ['events', 'involvedObject.kind=Pod,type=Normal'],
    ['secrets', 'type=kubernetes.io/tls'],
    ['namespaces', 'status.phase=Active'],
  ])('%s where %s', async (field, selector) => {
    const expected = await namesFromKubectl(field, '-A', '--field-selector', selector);
    expect(await namesFromGateway(field, `fieldSelector: "${selector}"`)).toEqual(expected);
  });

  it('on a custom resource', async () => {
    const args = `namespace: "${namespace}", fieldSelector: "metadata.name=w2"`;
    expect(await namesFromGateway(widgets.list, args)).toEqual(['w2']);
  });

  it('together with a label selector', async () => {
    const args = `namespace: "${namespace}", labelSelector: "app=web", fieldSelector: "metadata.name!=c0"`;
    expect(await namesFromGateway('configMaps', args)).toEqual(['c1']);
  });
});

describe('a selector that cannot be meant', () => {
  it.each([
    ['labelSelector', 'app in web'],
    ['fieldSelector', 'spec.unsupported=1'],
  ])('%s "%s" is refused with the words of the API server', async (argument, selector) => {
    const failure = await gateway.failure(`{ configMaps(${argument}: "${selector}") { items { id } } }`);
    expect(failure.path).toEqual(['configMaps']);
    expect(failure.extensions).toMatchObject({ code: 'BAD_REQUEST', kubernetes: { code: 400 } });
  });
});
