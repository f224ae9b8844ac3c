import { create, strategic, containers, podSpec, WEB_FULL, type Scenario } from './scenario.ts';

/** Strategic merge patches of nested lists and maps. */
export const strategicScenarios: readonly Scenario[] = [
  {
    title: 'strategic',
    kind: 'PodTemplate',
    steps: [
      create(
        'creates',
        'kubectl-create',
        podSpec({
          containers: [WEB_FULL, { name: 'side', image: 'side:1' }, { name: 'third', image: 'third:1' }],
          volumes: [{ name: 'v', emptyDir: {} }],
          nodeSelector: { a: 'b', c: 'd' },
          tolerations: [{ key: 'k', operator: 'Exists' }],
        }),
      ),
      strategic('merges items by key', containers({ name: 'side', image: 'side:2' })),
      strategic(
        'puts new items first',
        containers({ name: 'new', image: 'new:1' }, { name: 'side', image: 'side:3' }),
      ),
      strategic(
        'puts several new items first',
        containers(
          { name: 'n1', image: 'n1' },
          { name: 'third', image: 'third:2' },
          { name: 'n2', image: 'n2' },
        ),
      ),
      strategic(
        'deletes items',
        containers(
          { name: 'n1', $patch: 'delete' },
          { name: 'n2', $patch: 'delete' },
          { name: 'none', $patch: 'delete' },
        ),
      ),
      strategic('orders items', {
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'web' }, { name: 'third' }, { name: 'new' }],
            containers: [{ name: 'third', image: 'third:3' }],
          },
        },
      }),
      strategic('orders without a list', {
        template: { spec: { '$setElementOrder/containers': [{ name: 'new' }, { name: 'side' }] } },
      }),
      strategic('lets a new item take the place of a deleted one', {
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'fresh' }, { name: 'third' }],
            containers: [
              { name: 'fresh', image: 'fresh:1' },
              { name: 'side', $patch: 'delete' },
            ],
          },
        },
      }),
      strategic(
        'deletes map keys by null',
        containers({ name: 'web', resources: { limits: { cpu: null } }, args: ['z'] }),
      ),
      strategic(
        'merges ports and env by their keys',
        containers({
          name: 'web',
          ports: [{ containerPort: 443 }, { containerPort: 80, name: 'http' }],
          env: [
            { name: 'B', value: '2' },
            { name: 'A', value: null, valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          ],
        }),
      ),
      strategic(
        'replaces a list',
        containers({ name: 'web', ports: [{ $patch: 'replace' }, { containerPort: 8080 }] }),
      ),
      strategic('replaces a map', podSpec({ nodeSelector: { $patch: 'replace', e: 'f' } })),
      strategic('deletes a map', podSpec({ nodeSelector: { $patch: 'delete' } })),
      strategic('merges a map', podSpec({ nodeSelector: { g: 'h', none: null } })),
      strategic(
        'replaces lists without a strategy',
        podSpec({ tolerations: [{ key: 'l', operator: 'Exists' }] }),
      ),
      strategic(
        'keeps only named keys of a volume',
        podSpec({
          volumes: [{ $retainKeys: ['name', 'configMap'], name: 'v', configMap: { name: 'c' } }],
        }),
      ),
      strategic(
        'drops nulls and directives of new parts',
        podSpec({
          securityContext: { runAsUser: 1, runAsGroup: null, seLinuxOptions: { $patch: 'delete' } },
        }),
      ),
      strategic('refuses items without a key', containers({ image: 'x' })),
      strategic('refuses unknown directives', podSpec({ nodeSelector: { $patch: 'foo' } })),
      strategic('refuses unknown directives in items', containers({ name: 'web', $patch: 'foo' })),
      strategic('refuses a merge directive in items', containers({ name: 'web', $patch: 'merge' })),
      strategic('refuses an order that contradicts the list', {
        template: {
          spec: {
            '$setElementOrder/containers': [{ name: 'new' }, { name: 'web' }],
            containers: [
              { name: 'web', image: 'a' },
              { name: 'new', image: 'b' },
            ],
          },
        },
      }),
      strategic('refuses an order that is no list', {
        template: { spec: { '$setElementOrder/containers': 'x' } },
      }),
      strategic(
        'refuses retained keys that contradict the patch',
        podSpec({
          volumes: [{ $retainKeys: ['name'], name: 'v', emptyDir: {} }],
        }),
      ),
      strategic(
        'refuses retained keys that are no list',
        podSpec({ volumes: [{ $retainKeys: 'x', name: 'v' }] }),
      ),
      strategic('refuses lists of lists', podSpec({ containers: [[]] })),
      strategic('refuses mixed lists', podSpec({ containers: ['x'] })),
      strategic('empties the whole template', {
        template: { $patch: 'replace', spec: { containers: [{ name: 'only', image: 'o' }] } },
      }),
    ],
  },
];
