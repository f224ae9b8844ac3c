import { apiResources } from './base-fields/api-resources.ts';
import { apiVersions } from './base-fields/api-versions.ts';
import { can } from './base-fields/can.ts';
import { canI } from './base-fields/can-i.ts';
import { explain } from './base-fields/explain.ts';
import { object } from './base-fields/object.ts';
import { raw } from './base-fields/raw.ts';
import type { BaseField } from './base-fields/value.ts';
import { version } from './base-fields/version.ts';
import { whoAmI } from './base-fields/who-am-i.ts';
import { execPod } from './exec/exec-pod.ts';
import { podLogs } from './logs/pod-logs.ts';

/** The fields of `Query` in base.graphql. A test compares the two lists. */
export const BASE_FIELDS: Readonly<Record<string, BaseField>> = {
  apiResources,
  apiVersions,
  explain,
  version,
  can,
  canI,
  whoAmI,
  object,
  podLogs,
  raw,
};

/** The fields of `Mutation` in base.graphql. The same test compares them. */
export const BASE_MUTATIONS: Readonly<Record<string, BaseField>> = { execPod };
