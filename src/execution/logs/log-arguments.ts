import { KubegraphError } from '../../errors/kubegraph-error.ts';
import type { LogRange } from '../../logs/log-request.ts';
import type { Workload, WorkloadKind } from '../../logs/workload.ts';
import { type Args, optionalText, pathSegment } from '../call.ts';

/** What of each log is wanted. The API server says what of it cannot be. */
export function rangeOf(args: Args): LogRange {
  return {
    previous: args['previous'] === true,
    sinceSeconds: optionalNumber(args, 'sinceSeconds'),
    sinceTime: optionalText(args, 'sinceTime'),
    tailLines: optionalNumber(args, 'tailLines'),
    limitBytes: optionalNumber(args, 'limitBytes'),
  };
}

/** A name or namespace that the field's type guarantees to be there. Throws BAD_USER_INPUT. */
export function segmentOf(args: Args, name: 'name' | 'namespace'): string {
  const value = pathSegment(String(args[name]), name);
  // No name has these, and in a field selector they would say more than a name.
  if (!/[,=\\]/.test(value)) return value;
  throw new KubegraphError('BAD_USER_INPUT', `${JSON.stringify(value)} cannot be the ${name} of an object`);
}

/** The workload that is asked for, or the selector of pods. Throws BAD_USER_INPUT where it is neither, or both. */
export function workloadOf(args: Args): Workload | string {
  const labelSelector = optionalText(args, 'labelSelector');
  const isNamed = typeof args['kind'] === 'string' && typeof args['name'] === 'string';
  if (labelSelector !== undefined && labelSelector !== '' && args['kind'] == null && args['name'] == null)
    return labelSelector;
  if (!isNamed || labelSelector !== undefined) {
    throw new KubegraphError(
      'BAD_USER_INPUT',
      'say whose logs: give "kind" and "name" of a workload, or a "labelSelector" for pods',
    );
  }
  const kind = args['kind'] as WorkloadKind;
  return { kind, namespace: segmentOf(args, 'namespace'), name: segmentOf(args, 'name') };
}

function optionalNumber(args: Args, name: string): number | undefined {
  const value = args[name];
  return typeof value === 'number' ? value : undefined;
}
