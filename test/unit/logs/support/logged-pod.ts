/** How a container is: `restarted` is running for the second time. */
export type ContainerState = 'waiting' | 'running' | 'ended' | 'restarted';

const STATES: Readonly<Record<ContainerState, object>> = {
  waiting: { state: { waiting: {} } },
  running: { state: { running: {} }, containerID: '1' },
  ended: { state: { terminated: { exitCode: 0 } }, containerID: '1' },
  restarted: {
    state: { running: {} },
    containerID: '2',
    restartCount: 1,
    lastState: { terminated: { exitCode: 1 } },
  },
};

export interface LoggedPod {
  readonly containers: Readonly<Record<string, ContainerState>>;
  readonly uid?: string;
  readonly restartPolicy?: string;
  /** Default `Running`. */
  readonly phase?: string;
  readonly annotations?: object;
}

/** What `change` makes a pod of whose containers have logs. */
export function loggedPod(
  name: string,
  {
    containers,
    uid = `uid of ${name}`,
    restartPolicy = 'Always',
    phase = 'Running',
    annotations = {},
  }: LoggedPod,
): object {
  const names = Object.keys(containers);
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { namespace: 'a', name, uid, resourceVersion: '1', annotations },
    spec: { restartPolicy, containers: names.map((each) => ({ name: each })) },
    status: {
      phase,
      containerStatuses: names.map((each) => ({
        name: each,
        ...STATES[containers[each] as ContainerState],
      })),
    },
  };
}
