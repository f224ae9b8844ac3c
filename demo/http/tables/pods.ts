import { ageColumn, nameColumn, text, wide, type Column } from './column.ts';
import { sinceText } from './duration.ts';
import { hasCondition, NONE, type Fields } from './fields.ts';

export const podColumns: readonly Column[] = [
  nameColumn,
  text('Ready', (pod) => `${readyContainers(pod)}/${countedContainers(pod)}`),
  text('Status', podStatus),
  text('Restarts', restartsText),
  ageColumn,
  wide(text('IP', (pod) => pod.at('status').text('podIP') ?? NONE)),
  wide(text('Node', (pod) => pod.at('spec').text('nodeName') ?? NONE)),
  wide(text('Nominated Node', (pod) => pod.at('status').text('nominatedNodeName') ?? NONE)),
  wide(text('Readiness Gates', readinessGates)),
];

/** Marks the rows of pods that have ended, for clients that hide them. */
export function podRowConditions(pod: Fields): readonly unknown[] | undefined {
  const phase = pod.at('status').text('phase');
  if (phase !== 'Succeeded' && phase !== 'Failed') return undefined;
  const message = phase === 'Succeeded' ? 'The pod has completed successfully.' : 'The pod failed.';
  return [{ type: 'Completed', status: 'True', reason: phase, message }];
}

/** What a pod is doing, in one word: the phase, unless a container knows better. */
function podStatus(pod: Fields): string {
  const { deletion, phase, reason: podReason } = summary(pod);
  const initial = initReason(pod);
  const settled =
    initial === undefined || hasCondition(pod.at('status'), 'Initialized')
      ? containersReason(pod, initial ?? gatedReason(pod) ?? podReason ?? phase)
      : initial;
  if (!deletion) return settled;
  if (podReason === 'NodeLost') return 'Unknown';
  return phase === 'Succeeded' || phase === 'Failed' ? settled : 'Terminating';
}

function summary(pod: Fields): { deletion: boolean; phase: string; reason: string | undefined } {
  const status = pod.at('status');
  return {
    deletion: pod.at('metadata').has('deletionTimestamp'),
    phase: status.text('phase') ?? '',
    reason: status.text('reason'),
  };
}

function gatedReason(pod: Fields): string | undefined {
  const isGated = pod
    .at('status')
    .list('conditions')
    .some((each) => each.text('type') === 'PodScheduled' && each.text('reason') === 'SchedulingGated');
  return isGated ? 'SchedulingGated' : undefined;
}

/** Of the first init container that is not done; undefined when all are. */
function initReason(pod: Fields): string | undefined {
  const statuses = pod.at('status').list('initContainerStatuses');
  for (const [index, status] of statuses.entries()) {
    const state = status.at('state');
    const terminated = state.at('terminated');
    if (state.has('terminated') && terminated.number('exitCode') === 0) continue;
    if (isSidecar(pod, status) && status.flag('started')) continue;
    if (state.has('terminated')) return `Init:${terminationReason(terminated)}`;
    const waiting = state.at('waiting').text('reason');
    if (waiting !== undefined && waiting !== 'PodInitializing') return `Init:${waiting}`;
    return `Init:${index}/${pod.at('spec').list('initContainers').length}`;
  }
  return undefined;
}

function containersReason(pod: Fields, otherwise: string): string {
  const statuses = pod.at('status').list('containerStatuses').toReversed();
  const reason = statuses.reduce((found, status) => containerReason(status) ?? found, otherwise);
  if (reason !== 'Completed' || !statuses.some(isRunning)) return reason;
  return hasCondition(pod.at('status'), 'Ready') ? 'Running' : 'NotReady';
}

function containerReason(status: Fields): string | undefined {
  const state = status.at('state');
  const waiting = state.at('waiting').text('reason');
  if (waiting !== undefined) return waiting;
  return state.has('terminated') ? terminationReason(state.at('terminated')) : undefined;
}

function terminationReason(terminated: Fields): string {
  const reason = terminated.text('reason');
  if (reason !== undefined) return reason;
  const signal = terminated.number('signal');
  return signal === 0 ? `ExitCode:${terminated.number('exitCode')}` : `Signal:${signal}`;
}

function isRunning(status: Fields): boolean {
  return status.flag('ready') && status.at('state').has('running');
}

function isSidecar(pod: Fields, status: Fields): boolean {
  const container = pod
    .at('spec')
    .list('initContainers')
    .find((each) => each.text('name') === status.text('name'));
  return container?.text('restartPolicy') === 'Always';
}

function isInitializing(pod: Fields): boolean {
  return initReason(pod) !== undefined && !hasCondition(pod.at('status'), 'Initialized');
}

function readyContainers(pod: Fields): number {
  const status = pod.at('status');
  const sidecars = status
    .list('initContainerStatuses')
    .filter((each) => isSidecar(pod, each) && each.flag('ready'));
  const own = isInitializing(pod) ? [] : status.list('containerStatuses').filter(isRunning);
  return sidecars.length + own.length;
}

function countedContainers(pod: Fields): number {
  const spec = pod.at('spec');
  const sidecars = spec.list('initContainers').filter((each) => each.text('restartPolicy') === 'Always');
  return spec.list('containers').length + sidecars.length;
}

function restartsText(pod: Fields, now: number): string {
  const status = pod.at('status');
  const inits = status.list('initContainerStatuses');
  const counted = isInitializing(pod)
    ? inits
    : [...inits.filter((each) => isSidecar(pod, each)), ...status.list('containerStatuses')];
  const restarts = counted.reduce((sum, each) => sum + each.number('restartCount'), 0);
  const ends = counted.map((each) => each.at('lastState', 'terminated').text('finishedAt') ?? '');
  const last = ends.sort().at(-1);
  return restarts === 0 || last === undefined || last === ''
    ? String(restarts)
    : `${restarts} (${sinceText(last, now)} ago)`;
}

function readinessGates(pod: Fields): string {
  const gates = pod.at('spec').list('readinessGates');
  if (gates.length === 0) return NONE;
  const met = gates.filter((gate) => hasCondition(pod.at('status'), gate.text('conditionType') ?? ''));
  return `${met.length}/${gates.length}`;
}
