import type { World } from '../controller.ts';
import { type Fleet, FLEETS } from '../kinds.ts';

const HOME: readonly (readonly [name: string, spec: Fleet['spec']])[] = [
  [
    'north',
    {
      captain: 'ingrid',
      cargo: 1200,
      port: 8443,
      routes: [
        { days: 4, from: 'bergen', name: 'spices', to: 'lisbon' },
        { days: 9, from: 'lisbon', name: 'wool', to: 'bergen' },
      ],
      ships: 3,
      tonnage: '12k',
    },
  ],
  [
    'south',
    {
      captain: 'mateo',
      // Beyond 2^53: whoever reads it as a double sees another number.
      cargo: 9_007_199_254_740_993n,
      port: 'harbour',
      routes: [{ days: 12, from: 'valencia', name: 'oranges', to: 'dakar' }],
      ships: 5,
      tonnage: '1500',
    },
  ],
];

export function createInitialFleets({ objects }: World): void {
  for (const [name, spec] of HOME) {
    objects.create(FLEETS, {
      metadata: { name, namespace: 'shop', labels: { 'demo.kubegraph.dev/sea': name } },
      spec,
    });
  }
}
