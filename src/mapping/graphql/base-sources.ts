import type { FieldSource } from '../bindings.ts';

/** Where the values of base.graphql's fields come from, by type and field, where it is not the key of that name. */
export const BASE_SOURCES: Readonly<Record<string, Readonly<Record<string, FieldSource>>>> = {
  ObjectMeta: {
    labels: { membersOf: 'labels' },
    label: { memberOf: 'labels' },
    annotations: { membersOf: 'annotations' },
    annotation: { memberOf: 'annotations' },
  },
};
