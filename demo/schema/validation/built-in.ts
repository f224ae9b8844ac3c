import type { KubeObject } from '../../api/object.ts';
import type { FieldError } from '../schema.ts';

export function builtInErrors(object: KubeObject, live: KubeObject | undefined): readonly FieldError[] {
  void object;
  void live;
  return [];
}
