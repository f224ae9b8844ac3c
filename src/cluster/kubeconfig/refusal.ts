import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { printable } from '../printable.ts';

/** Where in which file something stands. */
export interface Place {
  readonly file: string;
  /** For example `user "alice"`. Undefined for the file itself. */
  readonly entry?: string;
}

/**
 * A KUBECONFIG_INVALID error of one line.
 *
 * @param problem what is wrong, followed by what to do about it.
 */
export function refusal(
  place: Place,
  field: string | undefined,
  problem: string,
  cause?: unknown,
): KubegraphError {
  const where = [place.file, place.entry, field].filter((part) => part !== undefined).join(', ');
  return new KubegraphError('KUBECONFIG_INVALID', printable(`${where}: ${problem}`), { cause });
}

/** `"a", "b" and 3 more`, for messages that list what there is. */
export function listOfNames(names: readonly string[], most = 20): string {
  if (names.length === 0) return 'none';
  const shown = names.slice(0, most).map((name) => JSON.stringify(name));
  return names.length > most ? `${shown.join(', ')} and ${names.length - most} more` : shown.join(', ');
}
