const ORDER = [
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
];

/** Metadata with its members in the order in which the real server writes those of built-in objects; others come last. */
export function inMetadataOrder<T extends object>(metadata: T): T {
  const members = new Map<string, unknown>(Object.entries(metadata));
  const known = ORDER.filter((key) => members.get(key) !== undefined).map((key) => [key, members.get(key)]);
  // The same members, in another order.
  return { ...(Object.fromEntries(known) as object), ...metadata };
}
