import { apiResources } from './base-fields/api-resources.ts';
import { apiVersions } from './base-fields/api-versions.ts';
import { explain } from './base-fields/explain.ts';
import { object } from './base-fields/object.ts';
import { raw } from './base-fields/raw.ts';
import type { BaseField } from './base-fields/value.ts';
import { version } from './base-fields/version.ts';

/** The fields of `Query` in base.graphql. A test compares the two lists. */
export const BASE_FIELDS: Readonly<Record<string, BaseField>> = {
  apiResources,
  apiVersions,
  explain,
  version,
  object,
  raw,
};
