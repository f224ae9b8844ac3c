import { ApiError } from '../api/status.ts';
import { printPath, type Path } from './elements.ts';
import type { Owner } from './owners.ts';

/** A field that an apply would change and that another manager owns. */
export interface Conflict {
  readonly owner: Owner;
  readonly path: Path;
}

/** @param conflicts grouped by owner, and there is one at least. */
export function conflictError(conflicts: readonly Conflict[]): ApiError {
  const causes = conflicts.map(({ owner, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${printOwner(owner)}`,
    field: printPath(path),
  }));
  return new ApiError(409, messageOf(causes), { reason: 'Conflict', details: { causes } });
}

function messageOf(causes: readonly { readonly message: string; readonly field: string }[]): string {
  const [first] = causes;
  if (causes.length === 1) return `Apply failed with 1 conflict: ${first?.message}: ${first?.field}`;
  const lines = causes.flatMap(({ message, field }, index) => {
    const isFirstOfOwner = causes[index - 1]?.message !== message;
    return [...(isFirstOfOwner ? [`${message.replace('conflict', 'conflicts')}:`] : []), `- ${field}`];
  });
  return `Apply failed with ${causes.length} conflicts: ${lines.join('\n')}`;
}

function printOwner({ manager, operation, apiVersion, subresource }: Owner): string {
  const name = JSON.stringify(manager);
  const inPart = subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  return `${name}${inPart}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}
