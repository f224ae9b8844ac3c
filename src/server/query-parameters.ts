import { KubegraphError } from '../errors/kubegraph-error.ts';

/** Throws BAD_USER_INPUT for what is none of `known`, and for what is given twice and none of `repeatable`. */
export function checkParameters(
  parameters: URLSearchParams,
  known: ReadonlySet<string>,
  repeatable: ReadonlySet<string> = new Set(),
): void {
  for (const name of new Set(parameters.keys())) {
    const isAlone = repeatable.has(name) || parameters.getAll(name).length === 1;
    if (!known.has(name) || !isAlone)
      throw badInput(`${JSON.stringify(name)} is no parameter, or is given twice`);
  }
}

/** Throws BAD_USER_INPUT for what is neither `true` (or `1`) nor `false` (or `0`). */
export function flagIn(parameters: URLSearchParams, name: string, otherwise: boolean): boolean {
  const value = parameters.get(name);
  if (value === null) return otherwise;
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  throw badInput(`${JSON.stringify(name)} is true or false`);
}

export function badInput(message: string): KubegraphError {
  return new KubegraphError('BAD_USER_INPUT', message);
}
