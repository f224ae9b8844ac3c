import { apply } from './apply.ts';
import type { FieldManagement } from './fields.ts';
import { strategicMerge } from './strategic-merge.ts';
import { update } from './update.ts';

/** Field ownership, server-side apply and strategic merge patches. It has no state: owners live in the objects. */
export function createFieldManagement(): FieldManagement {
  return { apply, update, strategicMerge };
}
