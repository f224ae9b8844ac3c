import { layoutOf } from './layout.ts';
import { end } from './processes.ts';
import { readState, writeState } from './state.ts';

/**
 * Ends exactly the processes that were started for the cluster in `dir`: TERM, then KILL after 8 seconds. Files stay,
 * logs among them. Does nothing when there is no cluster or it has ended already.
 */
export async function down(dir: string): Promise<void> {
  const layout = layoutOf(dir);
  const state = readState(layout);
  if (state === undefined || state.processes.length === 0) return;
  // etcd goes last: the API server needs it for a clean end and would otherwise wait for it.
  const isEtcd = ({ name }: { readonly name: string }) => name === 'etcd';
  await end(state.processes.filter((process) => !isEtcd(process)));
  await end(state.processes.filter(isEtcd));
  writeState(layout, { ...state, processes: [] });
}
