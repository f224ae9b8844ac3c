import type {
  Definition,
  DefinitionCondition,
  DefinitionNames,
  DefinitionStatus,
} from '../schema/definition.ts';

/**
 * The status that a definition gets beside the others of its group: names that nobody else has are accepted, and a
 * definition with all its names is established.
 *
 * @param now RFC 3339, in seconds.
 */
export function namedStatus(
  definition: Definition,
  others: readonly Definition[],
  now: string,
): DefinitionStatus {
  const { names, conflict } = acceptNames(definition, others);
  const accepted: DefinitionCondition = conflict ?? {
    type: 'NamesAccepted',
    status: 'True',
    reason: 'NoConflicts',
    message: 'no conflicts found',
  };
  return {
    conditions: [
      ...approval(definition),
      accepted,
      establishedCondition(definition, conflict === undefined),
    ].reduce(
      (conditions, condition) => withCondition(conditions, condition, now),
      definition.status?.conditions ?? [],
    ),
    acceptedNames: names,
    storedVersions: storedVersions(definition),
  };
}

const APPROVAL = 'api-approved.kubernetes.io';

/** Groups of the Kubernetes project have the project's consent; validation has looked for it. */
function approval({ metadata }: Definition): readonly DefinitionCondition[] {
  const url = metadata.annotations?.[APPROVAL];
  if (url === undefined) return [];
  const type = 'KubernetesAPIApprovalPolicyConformant';
  return [{ type, status: 'True', reason: 'ApprovedAnnotation', message: `approved in ${url}` }];
}

/** With `condition` in the place of the one of its type; the time is that of the last change of its status. */
export function withCondition(
  conditions: readonly DefinitionCondition[],
  condition: DefinitionCondition,
  now: string,
): readonly DefinitionCondition[] {
  const index = conditions.findIndex(({ type }) => type === condition.type);
  const previous = conditions[index];
  const time = previous?.status === condition.status ? (previous.lastTransitionTime ?? now) : now;
  const { type, status, reason = '', message = '' } = condition;
  const next: DefinitionCondition = { type, status, lastTransitionTime: time, reason, message };
  return index === -1 ? [...conditions, next] : conditions.with(index, next);
}

/** Once established, a definition stays so, whatever happens to its names. */
function establishedCondition({ status }: Definition, isAccepted: boolean): DefinitionCondition {
  const type = 'Established';
  const previous = status?.conditions?.find((condition) => condition.type === type);
  if (previous?.status === 'True') return previous;
  return isAccepted
    ? {
        type,
        status: 'True',
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
      }
    : { type, status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' };
}

/** Versions in which objects may still be stored: the one of now, and those of before. */
function storedVersions({ spec, status }: Definition): readonly string[] {
  const before = status?.storedVersions ?? [];
  const now = spec.versions.filter(({ storage }) => storage).map(({ name }) => name);
  return [...new Set([...before, ...now])];
}

interface Accepted {
  readonly names: Partial<DefinitionNames>;
  /** The last of them, as the real server has it. */
  readonly conflict: DefinitionCondition | undefined;
}

function acceptNames({ spec, status }: Definition, others: readonly Definition[]): Accepted {
  const taken = others.map((other) => other.status?.acceptedNames ?? {});
  const resources = new Set(
    taken.flatMap(({ plural, singular, shortNames = [] }) => [plural, singular, ...shortNames]),
  );
  const kinds = new Set(taken.flatMap(({ kind, listKind }) => [kind, listKind]));
  const { plural, singular, shortNames, kind, listKind, categories } = spec.names;
  const before = status?.acceptedNames ?? {};
  const names: { -readonly [key in keyof DefinitionNames]?: DefinitionNames[key] } = { ...EMPTY, ...before };
  let conflict: DefinitionCondition | undefined;

  const accept = (
    name: string | undefined,
    used: ReadonlySet<unknown>,
    reason: string,
    take: () => void,
  ): void => {
    if (name !== undefined && used.has(name))
      conflict = conflictCondition(reason, `"${name}" is already in use`);
    else take();
  };
  accept(plural, resources, 'PluralConflict', () => (names.plural = plural));
  accept(singular, resources, 'SingularConflict', () => assign(names, 'singular', singular));
  const usedShortName = shortNames?.find((name) => resources.has(name));
  accept(usedShortName, resources, 'ShortNamesConflict', () => assign(names, 'shortNames', shortNames));
  accept(kind, kinds, 'KindConflict', () => (names.kind = kind));
  accept(listKind, kinds, 'ListKindConflict', () => assign(names, 'listKind', listKind));
  assign(names, 'categories', categories);
  return { names, conflict };
}

const EMPTY = { plural: '', kind: '' };

function assign<Key extends string, Value>(
  to: { [key in Key]?: Value },
  key: Key,
  value: Value | undefined,
): void {
  if (value === undefined) delete to[key];
  else to[key] = value;
}

function conflictCondition(reason: string, message: string): DefinitionCondition {
  return { type: 'NamesAccepted', status: 'False', reason, message };
}
