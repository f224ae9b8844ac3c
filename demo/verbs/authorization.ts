import type { User } from './request.ts';

export interface ResourceAttributes {
  readonly kind: 'resource';
  readonly verb: string;
  /** Empty for core. */
  readonly group: string;
  readonly version: string;
  /** The plural. */
  readonly resource: string;
  /** Empty for the resource itself. */
  readonly subresource: string;
  /** Empty for all namespaces and for cluster-wide resources. */
  readonly namespace: string;
  /** Empty for all. */
  readonly name: string;
}

/** What somebody wants to do, in RBAC's terms. */
export type AccessAttributes =
  | ResourceAttributes
  | { readonly kind: 'path'; readonly verb: string; readonly path: string };

export interface AccessDecision {
  readonly allowed: boolean;
  /** Names the binding that allows it; absent for a refusal, which under RBAC has no reason. */
  readonly reason?: string;
}

/** As `SelfSubjectRulesReview.status` has them. */
export interface AccessRules {
  readonly resourceRules: readonly {
    readonly verbs: readonly string[];
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly resourceNames?: readonly string[];
  }[];
  readonly nonResourceRules: readonly {
    readonly verbs: readonly string[];
    readonly nonResourceURLs: readonly string[];
  }[];
}

/** Who somebody is and what they may do; `http/` implements it. */
export interface Access {
  authorize(user: User, attributes: AccessAttributes): AccessDecision;
  rulesOf(user: User, namespace: string): AccessRules;
  /** The owner of a bearer token; undefined for one that is unknown or expired. */
  authenticate(token: string): User | undefined;
  /** A new bearer token for a service account, valid until `expiresAt` (milliseconds since 1970). */
  issueServiceAccountToken(namespace: string, name: string, expiresAt: number): string;
}
