/** What the group without a name is called where a name is needed; no group can be called so. */
const CORE = 'core';

/** The value of an argument `group`, with the core group as the API server names it: empty. */
export function groupArgument(value: unknown): unknown {
  return value === CORE ? '' : value;
}
