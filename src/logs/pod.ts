import { tryParseJson } from '../util/json.ts';

/** What the logs of a pod depend on. */
export interface Pod {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  /** Which container people mean who do not say: the annotation, or the only one. */
  readonly defaultContainer: string | undefined;
  /** In the order of the pod's spec, those that prepare it first. */
  readonly containers: readonly Container[];
}

/** A container, as its pod's status tells. */
export interface Container {
  readonly name: string;
  /** Another one for each run; undefined before there is anything to read. */
  readonly run: string | undefined;
  readonly hasPrevious: boolean;
  readonly isRunning: boolean;
  /** Whether it has run, and will not run again. */
  readonly isFinished: boolean;
}

const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

/** Reads a pod's JSON. Undefined for what is none. */
export function readPod(json: Buffer): Pod | undefined {
  const pod = tryParseJson(json.toString()) as PodJson | undefined;
  if (pod?.metadata === undefined) return undefined;
  const { spec = {}, status = {} } = pod;
  const { name, namespace = '', uid = '', annotations } = pod.metadata;
  const { containers = [], initContainers = [], ephemeralContainers = [] } = spec;
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
      isOver ? 'Never' : (restartPolicy ?? fallback),
    );
  const only = containers.length === 1 ? containers[0]?.name : undefined;
  return {
    uid,
    name,
    namespace,
    defaultContainer: annotations?.[DEFAULT_CONTAINER] ?? only,
    containers: [
      // They run until they succeed.
      ...initContainers.map((each) => read(each, 'OnFailure')),
      ...containers.map((each) => read(each, spec.restartPolicy ?? 'Always')),
      ...ephemeralContainers.map((each) => read(each, 'Never')),
    ],
  };
}

function containerOf(name: string, status: StatusJson | undefined, restartPolicy: string): Container {
  const { state = {}, lastState = {}, restartCount = 0, containerID = '' } = status ?? {};
  const { running, terminated } = state;
  const hasPrevious = lastState.terminated !== undefined;
  const hasLog = running !== undefined || terminated !== undefined || hasPrevious;
  const isLast = restartPolicy === 'Never' || (restartPolicy === 'OnFailure' && terminated?.exitCode === 0);
  return {
    name,
    run: hasLog ? `${restartCount} ${containerID}` : undefined,
    hasPrevious,
    isRunning: running !== undefined,
    isFinished: terminated !== undefined && isLast,
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
