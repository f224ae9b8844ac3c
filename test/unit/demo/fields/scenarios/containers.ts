import {
  create,
  merge,
  apply,
  force,
  strategic,
  containers,
  podSpec,
  WEB,
  WEB_FULL,
  type Scenario,
} from './scenario.ts';

const SAME_NAME = [
  { name: 'A', value: '1' },
  { name: 'A', value: '2' },
];

/** Lists whose items have keys, in a kind that no controller touches. */
export const containerScenarios: readonly Scenario[] = [
  {
    title: 'duplicates',
    kind: 'PodTemplate',
    steps: [
      create(
        'owns duplicates as one',
        'kubectl-create',
        containers({ ...WEB, env: [...SAME_NAME, { name: 'B', value: '1' }] }),
      ),
      apply('merges beside duplicates', 'alice', containers({ ...WEB, env: [{ name: 'C', value: '3' }] })),
      force('replaces duplicates', 'alice', containers({ ...WEB, env: [{ name: 'A', value: '3' }] })),
      merge('makes duplicates', 'editor', containers({ ...WEB, env: SAME_NAME })),
      merge(
        'changes duplicates',
        'other',
        containers({ ...WEB, env: [...SAME_NAME, { name: 'A', value: '4' }] }),
      ),
      merge('makes duplicates single', 'editor', containers({ ...WEB, env: [{ name: 'A', value: '2' }] })),
      strategic('deletes and orders as kubectl apply does', {
        template: {
          spec: {
            containers: [
              {
                name: 'web',
                '$setElementOrder/env': [{ name: 'X' }, { name: 'Y' }],
                env: [
                  { name: 'X', value: '1' },
                  { name: 'Y', value: '2' },
                  { name: 'A', $patch: 'delete' },
                ],
              },
            ],
          },
        },
      }),
    ],
  },
  {
    title: 'containers',
    kind: 'PodTemplate',
    steps: [
      apply('creates by apply', 'alice', containers(WEB_FULL, { name: 'side', image: 'side:1' })),
      apply(
        'adds a container between',
        'bob',
        containers({ name: 'new', image: 'new:1' }, { name: 'side', image: 'side:1' }),
      ),
      apply(
        'refuses a changed image',
        'bob',
        containers({ name: 'web', image: 'nginx:2' }, { name: 'new', image: 'new:1' }),
      ),
      apply(
        'refuses changed atomic lists and keyed items',
        'bob',
        containers({
          ...WEB_FULL,
          args: ['a'],
          ports: [{ containerPort: 80, name: 'http' }],
          env: [{ name: 'A', value: '2' }],
        }),
      ),
      apply(
        'removes fields, list items and a container',
        'alice',
        containers({ ...WEB, ports: [{ containerPort: 80 }] }),
      ),
      apply(
        'reorders',
        'alice',
        containers({ name: 'new', image: 'new:1' }, { ...WEB, ports: [{ containerPort: 80 }] }),
      ),
      apply(
        'keeps the order of others',
        'bob',
        containers({ name: 'last', image: 'last:1' }, { name: 'web', image: 'nginx:1' }),
      ),
      apply('refuses duplicate keys', 'alice', containers(WEB, WEB)),
      apply('refuses items without a key', 'alice', containers({ image: 'nginx:1' })),
      apply('refuses unknown fields in items', 'alice', containers({ ...WEB, foo: 1 })),
      apply('refuses several things', 'alice', containers({ ...WEB, foo: 1 }, { ...WEB, image: 3 })),
      apply(
        'refuses duplicate ports by default protocol',
        'alice',
        containers({ ...WEB, ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'TCP' }] }),
      ),
      merge(
        'replaces a list',
        'editor',
        containers(WEB, { name: 'third', image: 'third:1', securityContext: { runAsUser: 1 } }),
      ),
      apply('applies atomic maps', 'alice', podSpec({ containers: [WEB], nodeSelector: { a: 'b' } })),
      apply(
        'refuses a part of an atomic map',
        'bob',
        podSpec({ containers: [WEB], nodeSelector: { c: 'd' } }),
      ),
    ],
  },
];
