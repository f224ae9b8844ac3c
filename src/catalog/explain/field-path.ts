import { KubegraphError } from '../../errors/kubegraph-error.ts';

/** A dot or the end behind a name, or a name in brackets: `spec`, `a\.b`, `['a.b']`. */
const SEGMENT = /(?:((?:[^\\.[\]{}\s]|\\.)+)|\['([^']+)'\])(?:\.|(?=\[)|$)/y;

/**
 * The names in a path such as `pods.spec.containers`. As for kubectl, a dot inside a name is written `\.`, or the name
 * as `['a.b']`, and a dot at the end means nothing. Throws BAD_USER_INPUT for anything else.
 */
export function segmentsOf(path: string): readonly [string, ...string[]] {
  const segments: string[] = [];
  SEGMENT.lastIndex = 0;
  while (SEGMENT.lastIndex < path.length) {
    const match = SEGMENT.exec(path);
    if (match === null) throw malformed(path);
    segments.push(match[2] ?? (match[1] as string).replace(/\\(.)/g, '$1'));
  }
  const [head, ...rest] = segments;
  if (head === undefined) throw malformed(path);
  return [head, ...rest];
}

/** The path that `segmentsOf` takes apart into these names. */
export function pathOfSegments(segments: readonly string[]): string {
  return segments.map((segment) => segment.replace(/[\\.,[\]{}$@\s]/g, '\\$&')).join('.');
}

function malformed(path: string): KubegraphError {
  return new KubegraphError(
    'BAD_USER_INPUT',
    `${JSON.stringify(path)} is no path: it is a resource and the names of fields, for example "pods.spec.containers"`,
  );
}
