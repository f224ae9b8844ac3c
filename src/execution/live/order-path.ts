import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { tryParseJson } from '../../util/json.ts';

const MAX_LENGTH = 1_000;
/** Keys of one path. */
const MAX_DEPTH = 32;

/** `name` or `.name`, or `["any.text"]`. */
const STEP = /(?:^|\.)([^.[\]"\s]+)|\[("(?:[^"\\]|\\.)+")\]/y;

/** The keys that a path such as `metadata.labels["a.b/c"]` leads through. Throws BAD_USER_INPUT. */
export function parseOrderPath(path: string): readonly string[] {
  const keys: string[] = [];
  let end = 0;
  while (end < path.length && path.length <= MAX_LENGTH && keys.length < MAX_DEPTH) {
    STEP.lastIndex = end;
    const [, name, quoted] = STEP.exec(path) ?? [];
    const key = quoted === undefined ? name : tryParseJson(quoted);
    if (typeof key !== 'string') throw badPath(path);
    keys.push(key);
    end = STEP.lastIndex;
  }
  if (keys.length === 0 || end < path.length) throw badPath(path);
  return keys;
}

function badPath(path: string): KubegraphError {
  return new KubegraphError(
    'BAD_USER_INPUT',
    `"orderBy": ${JSON.stringify(path.slice(0, 100))} is not the path of a field, such as metadata.labels["app"]`,
  );
}
