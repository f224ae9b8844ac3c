import type { KubeObject } from '../api/object.ts';
import type { DeleteOptions } from './delete-options.ts';
import { recordOf } from './json-errors.ts';

const DEFAULT_SECONDS = 30;
const FINISHED: ReadonlySet<unknown> = new Set(['Failed', 'Succeeded']);

/** How long an object may take to go, in seconds. Only pods take time, and only those that run somewhere. */
export function gracePeriodOf(object: KubeObject, { gracePeriodSeconds }: DeleteOptions): number {
  if (object.kind !== 'Pod') return 0;
  const spec = recordOf(object['spec']);
  const { phase } = recordOf(object['status']);
  if (!spec['nodeName'] || FINISHED.has(phase)) return 0;
  const { terminationGracePeriodSeconds: own } = spec;
  return gracePeriodSeconds ?? (typeof own === 'number' ? own : DEFAULT_SECONDS);
}
