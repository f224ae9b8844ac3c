import { configMapScenarios } from './config-maps.ts';
import { metadataScenarios } from './metadata.ts';
import { containerScenarios } from './containers.ts';
import { resourceScenarios } from './resources.ts';
import { strategicScenarios } from './strategic.ts';
import type { Scenario } from './scenario.ts';

/** Writes whose outcome was recorded from a real API server. */
export const scenarios: readonly Scenario[] = [
  ...configMapScenarios,
  ...metadataScenarios,
  ...containerScenarios,
  ...resourceScenarios,
  ...strategicScenarios,
];
