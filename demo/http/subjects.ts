import type { KubeObject } from '../api/object.ts';
import type { User } from '../verbs/request.ts';

/** Whom a binding names. */
export interface Subject {
  readonly kind: 'User' | 'Group' | 'ServiceAccount';
  readonly name: string;
  readonly namespace?: string;
}

/** @param bindingNamespace stands in for a service account's namespace where the binding leaves it out. */
export function bindsUser(subject: Subject, bindingNamespace: string | undefined, user: User): boolean {
  switch (subject.kind) {
    case 'User':
      return subject.name === user.name;
    case 'Group':
      return user.groups.includes(subject.name);
    case 'ServiceAccount':
      return (
        user.name === `system:serviceaccount:${subject.namespace ?? bindingNamespace ?? ''}:${subject.name}`
      );
    default:
      // Whatever else a client has written is nobody.
      return false;
  }
}

/** The subjects of a binding. The schema has checked what is in it. */
export function subjectsOf(binding: KubeObject): readonly Subject[] {
  const { subjects } = binding;
  return Array.isArray(subjects) ? (subjects as readonly Subject[]) : [];
}

export function textsOf(value: readonly string[] | undefined): readonly string[] {
  return value ?? [];
}
