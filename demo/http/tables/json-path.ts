/**
 * The part of kubectl's JSONPath that printer columns use: `.a.b`, `['a.b']`, `[0]`, `[*]`, `[?(@.type=="Ready")]`, and
 * dots escaped with a backslash.
 *
 * Answers all values found; none for a path that is not understood.
 */
export function valuesAt(object: unknown, path: string): readonly unknown[] {
  return stepsOf(path).reduce(
    (values: readonly unknown[], step) => values.flatMap((value) => follow(value, step)),
    [object],
  );
}

type Step =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }
  | { readonly kind: 'filter'; readonly path: string; readonly value: string }
  | { readonly kind: 'unknown' };

const STEP =
  /\[\?\(\s*@(?<path>[^=!<>\s]*)\s*==\s*(?<value>"[^"]*"|'[^']*'|[^)\s]+)\s*\)\]|\[(?<index>-?\d+)\]|\[(?<star>\*)\]|\[(?:'(?<quoted>[^']*)'|"(?<double>[^"]*)")\]|\.?(?<name>(?:\\.|[^.[\]\\])+)|(?<other>.)/g;

const known = new Map<string, readonly Step[]>();

/** Paths come from custom resource definitions, so there are few, and each is used for every row. */
function stepsOf(path: string): readonly Step[] {
  const cached = known.get(path);
  if (cached !== undefined) return cached;
  const trimmed = path.trim().replace(/^\{(.*)\}$/, '$1');
  const steps = [...trimmed.matchAll(STEP)].map((match) => stepOf(match.groups ?? {}));
  known.set(path, steps);
  return steps;
}

function stepOf(groups: Readonly<Record<string, string | undefined>>): Step {
  const { path, value, index, star, quoted, double, name } = groups;
  if (path !== undefined && value !== undefined)
    return { kind: 'filter', path, value: value.replace(/^["']|["']$/g, '') };
  if (index !== undefined) return { kind: 'index', index: Number(index) };
  if (star !== undefined || name === '*') return { kind: 'all' };
  const member = quoted ?? double ?? name?.replace(/\\(.)/g, '$1');
  return member === undefined ? { kind: 'unknown' } : { kind: 'member', name: member };
}

function follow(value: unknown, step: Step): readonly unknown[] {
  switch (step.kind) {
    case 'member': {
      const member = isObject(value) ? value[step.name] : undefined;
      return member === undefined || member === null ? [] : [member];
    }
    case 'index':
      return Array.isArray(value) ? value.slice(step.index).slice(0, 1) : [];
    case 'all':
      return Array.isArray(value) ? value : isObject(value) ? Object.values(value) : [];
    case 'filter':
      return Array.isArray(value)
        ? value.filter((each) => valuesAt(each, step.path).some((found) => String(found) === step.value))
        : [];
    case 'unknown':
      return [];
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
