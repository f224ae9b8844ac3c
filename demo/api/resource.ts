/** A resource in one version, as the demo serves it. */
export interface ServedResource {
  /** Empty for core. */
  readonly group: string;
  readonly version: string;
  /** The plural, as in paths. */
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly ServedSubresource[];
  /** Where its objects are stored: `GROUP/PLURAL`, shared by the versions of a resource. */
  readonly storageKey: string;
  /** Defined by a CustomResourceDefinition: list layout, patches and updates differ from built-ins. */
  readonly isCustom: boolean;
  /** The name of its kind's definition in the group-version's OpenAPI document. */
  readonly definition: string;
  /** Columns beyond Name and Age for tables, `jsonPath` in the CRD's dialect. */
  readonly printerColumns: readonly PrinterColumn[];
  /** Field selectors beyond metadata.name and metadata.namespace. */
  readonly selectableFields: readonly string[];
  /** Set when calls answer with a deprecation warning. */
  readonly deprecationWarning?: string;
}

export interface ServedSubresource {
  readonly name: string;
  /** Of what it answers. */
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly verbs: readonly string[];
}

export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
}

/** Where a `Scale` of a custom resource finds its numbers, as the definition has it: `.spec.replicas`. */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

/** What is served now. */
export interface Registry {
  find(group: string, version: string, resource: string): ServedResource | undefined;
  /** The preferred version's resource of a kind, for owner references and manifests. */
  findKind(apiVersion: string, kind: string): ServedResource | undefined;
  /** Undefined for built-in resources and those without a scale subresource. */
  scalePathsOf(resource: ServedResource): ScalePaths | undefined;
  readonly resources: readonly ServedResource[];
  /** Group-versions in the order of discovery: groups by priority, versions by preference. */
  readonly groupVersions: readonly { readonly group: string; readonly version: string }[];
}

export function apiVersionOf(of: { readonly group: string; readonly version: string }): string {
  return of.group === '' ? of.version : `${of.group}/${of.version}`;
}
