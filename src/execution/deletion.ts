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
export function deletionWriter(
  selection: SelectionContext,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
): (body: Buffer) => Buffer {
  const members = [...collectFields(selection, type, selectionSetsOf(nodes))].map(
    ([responseName, fieldNodes]) => {
      const name = (fieldNodes[0] as FieldNode).name.value;
      const isPart = name === 'object' || name === 'status';
      return {
        responseName,
        name,
        program: isPart ? childProgram(selection, type, name, fieldNodes) : undefined,
      };
    },
  );
  return (body) => {
    const hasStatus = isStatus(body);
    return jsonObject(
      members.map(({ responseName, name, program }) => {
        if (program === undefined) {
          return {
            name: responseName,
            json: jsonOf(name === 'pending' ? !hasStatus && isPending(body) : type.name),
          };
        }
        const isThere = hasStatus === (name === 'status');
        return { name: responseName, json: isThere ? projected(program, body) : undefined };
      }),
    );
  };
}

/** What was deleted, as a connection; empty where the API server answers with a Status. */
export function deletedListWriter(
  selection: SelectionContext,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
): (body: Buffer) => Buffer {
  const { outputs } = listPlan(selection, type, nodes);
  return (body) => {
    // No page follows a deletion, so there is nothing that a cursor could continue.
    const assembly = new ListAssembly(outputs, () => '');
    const scanner = new ListScanner({ programs: assembly.programs, outputs: assembly.outputs });
    scanner.push(isStatus(body) ? EMPTY_LIST : body);
    const { resourceVersion, remainingItemCount } = scanner.end();
    return assembly.finish({
      hasNextPage: false,
      startCursor: undefined,
      endCursor: undefined,
      consistent: true,
      resourceVersion,
      remainingItemCount,
    });
  };
}

const EMPTY_LIST = Buffer.from('{"metadata":{},"items":[]}');

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
