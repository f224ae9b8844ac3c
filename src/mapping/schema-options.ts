import type { Stability } from '../catalog/resource.ts';

/** What of the cluster a schema shows, and what its short names mean. */
export interface SchemaOptions {
  /**
   * Only these: a group (`apps`, `core`), all groups below a domain (`*.upbound.io`), or a version of a group
   * (`argoproj.io/v1alpha1`), which is then shown whatever its stability. Default: everything.
   */
  readonly include: readonly string[];
  /** Not these, in the same words. Wins over `include`. */
  readonly exclude: readonly string[];
  /** The least stable versions that are shown. Default `BETA`: alpha versions come and go without notice. */
  readonly stability: Stability;
  /** By a short list field (`clusters`), the group or group-version that it means (`cluster.x-k8s.io`). */
  readonly names: Readonly<Record<string, string>>;
}

export const DEFAULT_SCHEMA_OPTIONS: SchemaOptions = {
  include: [],
  exclude: [],
  stability: 'BETA',
  names: {},
};
