import {
  type DocumentNode,
  execute,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Identity } from '../cluster/identity.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import type { GatewaySchema } from '../mapping/gateway-schema.ts';
import { Lru } from '../util/lru.ts';
import { SingleFlight } from '../util/single-flight.ts';

/** Answers kept, in characters. Full introspection of a cluster with 150 custom resources is some 20 million. */
const MAX_CHARACTERS = 64_000_000;

/** Answers to `__schema` and `__type`, by JSON text. They depend on the catalogue and the document only. */
export class Introspection {
  readonly #answers = new Lru<string, Buffer>({
    maxWeight: MAX_CHARACTERS,
    weigh: (answer) => answer.length,
  });
  readonly #flights = new SingleFlight<Buffer>();

  /**
   * One introspection field's value.
   *
   * @param key tells apart everything that the value depends on: catalogue, document text, operation and variables.
   * @param document the operation with this one field left, from `onlyField`.
   */
  answer(
    key: string,
    schema: GatewaySchema,
    identity: Identity,
    document: DocumentNode,
    variables: Readonly<Record<string, unknown>>,
  ): Promise<Buffer> {
    const known = this.#answers.get(key);
    if (known !== undefined) return Promise.resolve(known);
    // Loading happens as one identity, so joining is for callers of that identity only.
    return this.#flights.do(`${identity.key} ${key}`, async () => {
      const full = await schema.full(identity);
      const result = await execute({ schema: full, document, variableValues: variables });
      if (result.errors !== undefined) throw result.errors[0] as Error;
      const value = Object.values(result.data ?? {})[0];
      const answer = Buffer.from(JSON.stringify(value ?? null));
      this.#answers.set(key, answer);
      return answer;
    });
  }
}

/**
 * Refuses an introspection that asks for the same field several times over. graphql-js answers it in one go, and sixty
 * aliases of `fields` multiply an answer that is large already.
 */
export function checkIntrospection(document: DocumentNode): void {
  const fragments = new Map(
    document.definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [],
    ),
  );
  const check = (sets: readonly SelectionSetNode[]): void => {
    const counts = new Map<string, number>();
    const children: SelectionSetNode[] = [];
    for (const field of sets.flatMap((set) => fieldsIn(set, fragments))) {
      const count = (counts.get(field.name.value) ?? 0) + 1;
      counts.set(field.name.value, count);
      if (count > MAX_REPEATS && field.selectionSet !== undefined) {
        throw new KubegraphError(
          'BAD_USER_INPUT',
          `introspection asks for "${field.name.value}" too many times`,
        );
      }
      if (field.selectionSet !== undefined) children.push(field.selectionSet);
    }
    for (const child of children) check([child]);
  };
  const operation = document.definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
  if (operation !== undefined) check([operation.selectionSet]);
}

/** Tools ask for `fields` with and without what is deprecated; more than that no tool does. */
const MAX_REPEATS = 3;

function fieldsIn(
  set: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): readonly FieldNode[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    const inner =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : fragments.get(selection.name.value)?.selectionSet;
    return inner === undefined ? [] : fieldsIn(inner, fragments);
  });
}

/** An operation with nothing but the nodes of one of its root fields. */
export function onlyField(
  operation: OperationDefinitionNode,
  nodes: readonly FieldNode[],
  fragments: Iterable<FragmentDefinitionNode>,
): DocumentNode {
  const alone: OperationDefinitionNode = {
    ...operation,
    selectionSet: { kind: Kind.SELECTION_SET, selections: nodes },
  };
  return { kind: Kind.DOCUMENT, definitions: [alone, ...fragments] };
}
