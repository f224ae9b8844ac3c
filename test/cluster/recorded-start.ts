import { componentOf } from './components.ts';
import type { Layout } from './layout.ts';
import { start } from './processes.ts';
import { requireState, writeState } from './state.ts';
import type { ClusterState, Program } from './state.ts';

/**
 * Starts these programs of the cluster and writes each into its state at once, in place of an earlier process of the
 * same name. `onExit` is told when one ends while our own process still runs.
 */
export function startRecorded(
  layout: Layout,
  names: readonly Program[],
  onExit: (error: Error) => void,
): ClusterState {
  let state = requireState(layout);
  for (const name of names) {
    const record = start(componentOf(name, { layout, ...state }), layout, onExit);
    const others = state.processes.filter((process) => process.name !== name);
    state = { ...state, processes: [...others, record] };
    writeState(layout, state);
  }
  return state;
}
