import type { World } from './controller.ts';
import { createInitialFleets } from './initial/fleets.ts';
import { createMonitoring } from './initial/monitoring.ts';
import { createInitialNodes } from './initial/nodes.ts';
import { createBrokenDeployment, createShop, createShopJobs } from './initial/shop.ts';
import { createNamespace, createSystem } from './initial/system.ts';
import { setImage } from './rollouts.ts';
import { DAY, HOUR, MINUTE } from './time.ts';

export interface Chapter {
  /** How long ago it happens. */
  readonly agoMs: number;
  readonly tell: (world: World) => void;
}

/** What has happened until the demo starts. Controllers live through it, so every status is as they would have left it. */
export const STORY: readonly Chapter[] = [
  {
    agoMs: 9 * DAY,
    tell: (world) => {
      createInitialNodes(world);
      createSystem(world);
    },
  },
  {
    agoMs: 8 * DAY,
    tell: (world) => {
      createNamespace(world, 'monitoring');
      createMonitoring(world);
    },
  },
  {
    agoMs: 3 * DAY,
    tell: (world) => {
      createNamespace(world, 'shop', { team: 'shop' });
      createShop(world);
    },
  },
  { agoMs: 3 * DAY - 10 * MINUTE, tell: createInitialFleets },
  { agoMs: 3 * DAY - 20 * MINUTE, tell: createShopJobs },
  { agoMs: 5 * HOUR, tell: (world) => setImage(world, 'shop', 'web', 'nginx:1.27.1') },
  {
    agoMs: 50 * MINUTE,
    tell: (world) => setImage(world, 'shop', 'api', 'demo.kubegraph.dev/shop/api:2.3.1'),
  },
  { agoMs: 42 * MINUTE, tell: createBrokenDeployment },
];

/** How long ago the story begins. */
export const STORY_MS = 9 * DAY;
