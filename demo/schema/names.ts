/** The name of a custom kind's definition: `io.cert-manager.v1.Certificate`. */
export function customDefinitionName(of: {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}): string {
  return [...of.group.split('.').toReversed(), of.version, of.kind].join('.');
}

export function referenceTo(definition: string): string {
  return `${REFERENCE}${definition}`;
}

const REFERENCE = '#/components/schemas/';

/** The definition that a `$ref` names. */
export function referredBy(reference: string): string {
  return reference.slice(REFERENCE.length);
}

/**
 * How operation ids and tags spell a group-version: `AppsV1`, `RbacAuthorizationV1`, `CertManagerIoV1`. Kubernetes' own
 * groups lose their domain.
 */
export function operationGroupVersion({
  group,
  version,
}: {
  readonly group: string;
  readonly version: string;
}): string {
  return `${capitalized(operationGroup(group))}${capitalized(version)}`;
}

export function tagOf({ group, version }: { readonly group: string; readonly version: string }): string {
  const name = operationGroup(group);
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}_${version}`;
}

function operationGroup(group: string): string {
  if (group === '') return 'Core';
  return group
    .replace(/\.k8s\.io$/, '')
    .split(/[.-]/)
    .map(capitalized)
    .join('');
}

export function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

export function metaDefinition(kind: string): string {
  return `io.k8s.apimachinery.pkg.apis.meta.v1.${kind}`;
}
