import { tryParseJson } from '../util/json.ts';

/** What the logs of a pod depend on. */
export interface Pod {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  /** Which container people mean who do not say, to kubectl: the one that an annotation names, or the first. */
  readonly defaultContainer: string | undefined;
  /** In the order of the pod's spec, those that prepare it first. Undefined where no more than the pod's name is known. */
  readonly containers: readonly Container[] | undefined;
}

/** A container, as its pod's status tells. */
export interface Container {
  /** Undefined: the pod's only one, of which nobody knows the name. */
  readonly name: string | undefined;
  /** Another one for each run; undefined before there is anything to read. */
  readonly run: string | undefined;
  readonly hasPrevious: boolean;
  /** Undefined where nobody knows. */
  readonly isRunning: boolean | undefined;
  /** Whether it will not run (again), or nobody would be told. */
  readonly isFinished: boolean;
}

const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

/** The container of that name, of a pod of which nothing else is known. */
export function unseenContainer(name: string | undefined): Container {
  return { name, run: 'any', hasPrevious: false, isRunning: undefined, isFinished: true };
}

/** Reads a pod's JSON. Undefined for what is none. */
export function readPod(json: Buffer): Pod | undefined {
  const pod = tryParseJson(json.toString()) as PodJson | undefined;
  if (pod?.metadata === undefined) return undefined;
  const { spec, status = {} } = pod;
  const { name, namespace = '', uid = '', annotations } = pod.metadata;
  const { containers = [], initContainers = [], ephemeralContainers = [] } = spec ?? {};
  const statuses = [
    ...(status.initContainerStatuses ?? []),
    ...(status.containerStatuses ?? []),
    ...(status.ephemeralContainerStatuses ?? []),
  ];
  const isOver = status.phase === 'Succeeded' || status.phase === 'Failed';
  const read = ({ name, restartPolicy }: ContainerJson, fallback: string): Container =>
    containerOf(
      name,
      statuses.find((each) => each.name === name),
      // Also of one that never began: that is waiting for ever.
      isOver ? undefined : (restartPolicy ?? fallback),
    );
  const named = annotations?.[DEFAULT_CONTAINER];
  const isThere = [...initContainers, ...containers, ...ephemeralContainers].some(
    ({ name }) => name === named,
  );
  return {
    uid,
    name,
    namespace,
    defaultContainer: isThere ? named : containers[0]?.name,
    containers: spec && [
      // They run until they succeed.
      ...initContainers.map((each) => read(each, 'OnFailure')),
      ...containers.map((each) => read(each, spec.restartPolicy ?? 'Always')),
      ...ephemeralContainers.map((each) => read(each, 'Never')),
    ],
  };
}

/** @param restartPolicy undefined where the pod is over, whatever the status of its containers says. */
function containerOf(
  name: string,
  status: StatusJson | undefined,
  restartPolicy: string | undefined,
): Container {
  const { state = {}, lastState = {}, restartCount = 0, containerID = '' } = status ?? {};
  const { running, terminated } = state;
  const hasPrevious = lastState.terminated !== undefined;
  const hasLog = running !== undefined || terminated !== undefined || hasPrevious;
  const isLast = restartPolicy === 'Never' || (restartPolicy === 'OnFailure' && terminated?.exitCode === 0);
  return {
    name,
    run: hasLog ? `${restartCount} ${containerID}` : undefined,
    hasPrevious,
    isRunning: running !== undefined && restartPolicy !== undefined,
    isFinished: restartPolicy === undefined || (terminated !== undefined && isLast),
  };
}

interface PodJson {
  readonly metadata?: {
    readonly uid?: string;
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly restartPolicy?: string;
    readonly containers?: readonly ContainerJson[];
    readonly initContainers?: readonly ContainerJson[];
    readonly ephemeralContainers?: readonly ContainerJson[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly initContainerStatuses?: readonly StatusJson[];
    readonly containerStatuses?: readonly StatusJson[];
    readonly ephemeralContainerStatuses?: readonly StatusJson[];
  };
}

interface ContainerJson {
  readonly name: string;
  readonly restartPolicy?: string;
}

interface StatusJson {
  readonly name: string;
  readonly restartCount?: number;
  readonly containerID?: string;
  readonly state?: { readonly running?: object; readonly terminated?: { readonly exitCode?: number } };
  readonly lastState?: { readonly terminated?: object };
}
