import { kindKey, type Shapes } from '../../catalog/openapi/shapes.ts';
import type { GroupVersionKind, Resource, Subresource } from '../../catalog/resource.ts';
import type { ResourceAction } from '../bindings.ts';
import { subresourceActions } from '../names/resource-fields.ts';

/** Subresources that are asked for something instead of being changed. */
const ANSWERED_BY_STATUS: ReadonlySet<string> = new Set(['binding', 'eviction']);

/** OpenAPI says that these answer what they are given; the API server answers a Status. */
export function isAnsweredByStatus({ name }: Subresource, action: ResourceAction): boolean {
  return action === 'create' && ANSWERED_BY_STATUS.has(name);
}

/** The names of the shapes that answers about some resources can hold. What is only ever written is not among them. */
export function reachedShapes(shapes: Shapes, resources: readonly Resource[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const waiting = resources.flatMap(answeredKinds).map((kind) => shapes.kinds[kindKey(kind)]);
  while (waiting.length > 0) {
    const shape = waiting.pop();
    if (shape === undefined || reached.has(shape)) continue;
    reached.add(shape);
    for (const code of Object.values(shapes.objects[shape]?.fields ?? {})) {
      const reference = code.indexOf('@');
      if (reference >= 0) waiting.push(code.slice(reference + 1));
    }
  }
  return reached;
}

function answeredKinds(resource: Resource): readonly GroupVersionKind[] {
  const others = resource.subresources.flatMap((subresource) => {
    const actions = OPERATIONS.flatMap((operation) => subresourceActions(operation, subresource));
    const isAnswered = actions.some((action) => !isAnsweredByStatus(subresource, action));
    return isAnswered && subresource.kind !== undefined ? subresource.kind : [];
  });
  return [resource, ...others];
}

const OPERATIONS = ['query', 'mutation'] as const;
