import type { KubeObject } from '../api/object.ts';
import type { Registry } from '../api/resource.ts';
import type { Store } from '../storage/store.ts';
import type { AccessAttributes, AccessDecision } from '../verbs/authorization.ts';
import type { User } from '../verbs/request.ts';
import { bindsUser, subjectsOf, textsOf } from './subjects.ts';

type ResourceAccess = Extract<AccessAttributes, { kind: 'resource' }>;

/** A rule as Role and ClusterRole objects have it. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** Access by the Role, ClusterRole and binding objects in the store: a change of theirs counts at once. */
export class Rbac {
  readonly #store: Store;
  readonly #registry: Registry;

  constructor(store: Store, registry: Registry) {
    this.#store = store;
    this.#registry = registry;
  }

  /** Refusals have no reason, and neither have members of `system:masters`, who need no binding. */
  authorize(user: User, access: AccessAttributes): AccessDecision {
    if (user.groups.includes('system:masters')) return { allowed: true };
    const namespace = access.kind === 'resource' ? access.namespace : '';
    for (const { rules, reason } of this.#grants(user, namespace)) {
      if (rules.some((rule) => allows(rule, access))) return { allowed: true, reason };
    }
    return { allowed: false };
  }

  /** All rules that hold for a user in a namespace, for rules reviews. */
  rulesFor(user: User, namespace: string): readonly PolicyRule[] {
    return [...this.#grants(user, namespace)].flatMap(({ rules }) => rules);
  }

  /** Cluster-wide bindings first, as the real server looks at them. */
  *#grants(user: User, namespace: string): Generator<{ rules: readonly PolicyRule[]; reason: string }> {
    for (const binding of this.#objects('clusterrolebindings')) yield* this.#grant(user, binding);
    if (namespace === '') return;
    for (const binding of this.#objects('rolebindings', namespace)) yield* this.#grant(user, binding);
  }

  *#grant(user: User, binding: KubeObject): Generator<{ rules: readonly PolicyRule[]; reason: string }> {
    const { namespace, name } = binding.metadata;
    const subject = subjectsOf(binding).find((each) => bindsUser(each, namespace, user));
    if (subject === undefined) return;
    const role = roleRefOf(binding);
    const rules = this.#rulesOf(role, namespace);
    const bindingName = namespace === undefined ? name : `${name}/${namespace}`;
    const to =
      subject.kind === 'ServiceAccount' ? `${subject.name}/${subject.namespace ?? namespace}` : subject.name;
    const reason = `RBAC: allowed by ${binding.kind} "${bindingName}" of ${role.kind} "${role.name}" to ${subject.kind} "${to}"`;
    yield { rules, reason };
  }

  #rulesOf(role: RoleRef, namespace: string | undefined): readonly PolicyRule[] {
    const isCluster = role.kind === 'ClusterRole';
    const key = this.#storageKey(isCluster ? 'clusterroles' : 'roles');
    const object =
      key === undefined ? undefined : this.#store.get(key, isCluster ? undefined : namespace, role.name);
    return rulesOf(object);
  }

  #objects(resource: string, namespace?: string): readonly KubeObject[] {
    const key = this.#storageKey(resource);
    return key === undefined ? [] : this.#store.snapshot(key, namespace).objects;
  }

  #storageKey(resource: string): string | undefined {
    return this.#registry.find('rbac.authorization.k8s.io', 'v1', resource)?.storageKey;
  }
}

/** The schema has checked them. A cluster role that aggregates others can be without. */
function rulesOf(role: KubeObject | undefined): readonly PolicyRule[] {
  const rules = role?.['rules'];
  return Array.isArray(rules) ? (rules as readonly PolicyRule[]) : [];
}

interface RoleRef {
  readonly kind: string;
  readonly name: string;
}

/** The schema requires it, so what is stored has it. */
function roleRefOf(binding: KubeObject): RoleRef {
  return binding['roleRef'] as RoleRef;
}

function allows(rule: PolicyRule, access: AccessAttributes): boolean {
  if (!covers(rule.verbs, access.verb)) return false;
  if (access.kind === 'path')
    return textsOf(rule.nonResourceURLs).some((pattern) => matchesPath(pattern, access.path));
  const names = textsOf(rule.resourceNames);
  return (
    covers(rule.apiGroups, access.group) &&
    coversResource(textsOf(rule.resources), access) &&
    (names.length === 0 || names.includes(access.name))
  );
}

function covers(allowed: readonly string[] | undefined, wanted: string): boolean {
  return textsOf(allowed).some((each) => each === '*' || each === wanted);
}

/** `pods`, `pods/log`, `*`, and the form `*\/scale` for a subresource of anything. */
function coversResource(allowed: readonly string[], { resource, subresource }: ResourceAccess): boolean {
  const whole = subresource === '' ? resource : `${resource}/${subresource}`;
  return allowed.some(
    (each) => each === '*' || each === whole || (subresource !== '' && each === `*/${subresource}`),
  );
}

function matchesPath(pattern: string, path: string): boolean {
  if (pattern === '*' || pattern === path) return true;
  return pattern.endsWith('*') && path.startsWith(pattern.slice(0, -1));
}
