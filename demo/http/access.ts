import type { Clock } from '../api/clock.ts';
import type { Registry } from '../api/resource.ts';
import type { Store } from '../storage/store.ts';
import type { Access, AccessAttributes, AccessDecision, AccessRules } from '../verbs/authorization.ts';
import type { User } from '../verbs/request.ts';
import { Rbac } from './rbac.ts';
import { textsOf } from './subjects.ts';
import { Users } from './users.ts';

/** Who may come in, and what they may do: one for the whole server, shared with the access reviews. */
export class ServerAccess implements Access {
  readonly users = new Users();
  readonly #rbac: Rbac;
  readonly #clock: Clock;

  constructor(options: { readonly store: Store; readonly registry: Registry; readonly clock: Clock }) {
    this.#rbac = new Rbac(options.store, options.registry);
    this.#clock = options.clock;
  }

  authorize(user: User, attributes: AccessAttributes): AccessDecision {
    return this.#rbac.authorize(user, attributes);
  }

  rulesOf(user: User, namespace: string): AccessRules {
    const rules = this.#rbac.rulesFor(user, namespace);
    return {
      resourceRules: rules
        .filter(({ resources }) => resources !== undefined)
        .map(({ verbs, apiGroups, resources, resourceNames }) => ({
          verbs,
          apiGroups: textsOf(apiGroups),
          resources: textsOf(resources),
          ...(resourceNames === undefined ? {} : { resourceNames }),
        })),
      nonResourceRules: rules
        .filter(({ nonResourceURLs }) => nonResourceURLs !== undefined)
        .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs: textsOf(nonResourceURLs) })),
    };
  }

  authenticate(token: string): User | undefined {
    return this.users.ofToken(token, this.#clock.now());
  }

  issueServiceAccountToken(namespace: string, name: string, expiresAt: number): string {
    return this.users.issueServiceAccountToken(namespace, name, expiresAt);
  }
}
