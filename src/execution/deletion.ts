import type { FieldNode, GraphQLObjectType } from 'graphql';
import { isStatus } from './computed-fields.ts';
import { jsonObject, jsonOf, projected } from './json-parts.ts';
import { childProgram, listPlan } from './list-plan.ts';
import { ListAssembly } from './list-output.ts';
import { ListScanner } from '../projection/list-scanner.ts';
import type { ObjectProgram } from '../projection/program.ts';
import { tryParseJson } from '../util/json.ts';
import { collectFields, type SelectionContext, selectionSetsOf } from './selections.ts';

/**
 * What a deletion answers. The API server answers with a Status when the object is gone, and with the object when it may
 * still be there; which one it is differs by resource.
 */
export function deletionAnswer(
  selection: SelectionContext,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  body: Buffer,
): Buffer {
  const hasStatus = isStatus(body);
  const part = (name: 'object' | 'status', fieldNodes: readonly FieldNode[]): Buffer | undefined =>
    hasStatus === (name === 'status')
      ? projected(childProgram(selection, type, name, fieldNodes), body)
      : undefined;
  const members = [...collectFields(selection, type, selectionSetsOf(nodes))].map(
    ([responseName, fieldNodes]) => {
      const { value } = (fieldNodes[0] as FieldNode).name;
      if (value === 'object' || value === 'status')
        return { name: responseName, json: part(value, fieldNodes) };
      return {
        name: responseName,
        json: jsonOf(value === 'pending' ? !hasStatus && isPending(body) : type.name),
      };
    },
  );
  return jsonObject(members);
}

/** What was deleted, as a connection; empty where the API server answers with a Status. */
export function deletedList(
  selection: SelectionContext,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  body: Buffer,
): Buffer {
  // No page follows a deletion, so there is nothing that a cursor could continue.
  const assembly = new ListAssembly(listPlan(selection, type, nodes), () => '');
  const scanner = new ListScanner({ programs: assembly.programs, outputs: assembly.outputs });
  const empty = Buffer.from('{"metadata":{},"items":[]}');
  scanner.push(isStatus(body) ? empty : body);
  const { resourceVersion, remainingItemCount } = scanner.end();
  return assembly.finish({
    hasNextPage: false,
    startCursor: undefined,
    endCursor: undefined,
    consistent: true,
    resourceVersion,
    remainingItemCount,
  });
}

const PENDING_PROGRAM: ObjectProgram = {
  outputs: [
    {
      kind: 'key',
      responseName: 'metadata',
      key: 'metadata',
      required: true,
      program: {
        outputs: ['finalizers', 'deletionGracePeriodSeconds'].map((key) => ({
          kind: 'key',
          responseName: key,
          key,
          program: null,
        })),
      },
    },
    {
      kind: 'key',
      responseName: 'spec',
      key: 'spec',
      required: true,
      program: { outputs: [{ kind: 'key', responseName: 'finalizers', key: 'finalizers', program: null }] },
    },
  ],
};

/** Whether an object that was answered to a deletion is still there: finalizers or a grace period hold it. */
function isPending(body: Buffer): boolean {
  // The program guarantees the outline.
  const { metadata, spec } = tryParseJson(projected(PENDING_PROGRAM, body).toString('utf8')) as {
    metadata: { finalizers: unknown; deletionGracePeriodSeconds: unknown };
    spec: { finalizers: unknown };
  };
  const holds = (finalizers: unknown): boolean => Array.isArray(finalizers) && finalizers.length > 0;
  const hasGrace =
    typeof metadata.deletionGracePeriodSeconds === 'number' && metadata.deletionGracePeriodSeconds > 0;
  return hasGrace || holds(metadata.finalizers) || holds(spec.finalizers);
}
