import { CONFIG_MAPS, configMapName, NAMESPACE } from './fixtures.ts';
import { HUGE_NAMESPACE } from './huge-list.ts';
import type { Goal } from './result.ts';

export type Rival = 'bare' | 'naive' | 'full list';
export type Probe = 'first byte' | 'requests' | 'stall';

/** One kind of read and what is expected of it. */
export interface Case {
  readonly name: string;
  readonly title: string;
  /** What the gateway answers, and `naive` beside it. */
  readonly document: string;
  /** What the bare loop reads for one operation. */
  readonly paths: readonly string[];
  /** What it asks for. Default `application/json`. */
  readonly accept?: string;
  /** Operations in one round, and how many of them at the same time. Default 1 of each. */
  readonly operations?: number;
  readonly inFlight?: number;
  /** Who does the same work. `full list` is the gateway again, with the document of the case `pods`. */
  readonly rivals: readonly Rival[];
  /** What is looked at beside CPU, wall time and memory. Default nothing. */
  readonly probes?: readonly Probe[];
  /** How many pods there must be, beyond what was asked for. */
  readonly pods?: number;
  /** Whether it reads from the demo's endless list instead of the cluster. Default false. */
  readonly isHuge?: boolean;
  /** Rounds at most, and rounds that are not counted. Default: as asked for, and 2. */
  readonly maxRounds?: number;
  readonly warmUps?: number;
  readonly goals: readonly Goal[];
}

/** The case that takes minutes to prepare, and is run only when asked for. */
export const LARGE = 'pods-20000';

const FIVE_FIELDS = 'metadata { name namespace labels } spec { nodeName } status { phase }';

export const PODS = `{ pods { items { ${FIVE_FIELDS} } } }`;

const THIRTY_FIELDS = `
  metadata { name namespace uid creationTimestamp labels annotations ownerReferences { kind name } }
  spec {
    nodeName serviceAccountName restartPolicy terminationGracePeriodSeconds
    containers {
      name image args
      env { name value }
      ports { name containerPort protocol }
      volumeMounts { mountPath }
    }
  }
  status {
    phase podIP startTime qosClass
    conditions { type status lastTransitionTime }
    containerStatuses { ready restartCount }
  }`;

const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/** In the order in which they run: what makes the cluster larger comes behind. */
export function allCases(node: string): readonly Case[] {
  return [...listCases(), ...smallCases(node), ...sizeCases()];
}

function listCases(): readonly Case[] {
  const paths = ['/api/v1/pods'];
  return [
    {
      name: 'pods',
      title: 'all pods, five fields',
      document: PODS,
      paths,
      rivals: ['bare', 'naive'],
      probes: ['first byte'],
      goals: [
        { figure: 'cpuMs', over: 'bare', atMost: 1.6 },
        { figure: 'cpuMs', over: 'naive', atMost: 0.25 },
        { figure: 'extraMb', atMost: 50 },
        { figure: 'firstByteMs', atMost: 50 },
      ],
    },
    {
      name: 'pods-30-fields',
      title: 'all pods, thirty fields in nested lists',
      document: `{ pods { items { ${THIRTY_FIELDS} } } }`,
      paths,
      rivals: ['bare', 'naive'],
      goals: [{ figure: 'cpuMs', over: 'bare', atMost: 2.5 }],
    },
    {
      name: 'metadata',
      title: 'all pods, metadata only',
      document: '{ pods { items { metadata { name namespace labels creationTimestamp } } } }',
      paths,
      accept: METADATA_ONLY,
      rivals: ['full list', 'bare', 'naive'],
      goals: [{ figure: 'wallMs', over: 'full list', atMost: 0.5 }],
    },
    {
      name: 'count',
      title: 'how many pods there are',
      document: '{ pods { remainingItemCount } }',
      paths: ['/api/v1/pods?limit=1'],
      accept: METADATA_ONLY,
      rivals: ['full list', 'bare'],
      goals: [{ figure: 'wallMs', over: 'full list', atMost: 0.02 }],
    },
  ];
}

function smallCases(node: string): readonly Case[] {
  const objects = Array.from({ length: CONFIG_MAPS }, (_, index) => configMapName(index));
  return [
    {
      name: 'get',
      title: 'one node, 16 in flight',
      document: `{ node(name: "${node}") { metadata { name labels creationTimestamp } spec { podCIDR } status { nodeInfo { kubeletVersion } } } }`,
      paths: [`/api/v1/nodes/${node}`],
      operations: 2000,
      inFlight: 16,
      rivals: ['bare', 'naive'],
      goals: [{ figure: 'cpuMs', atMost: 0.35 }],
    },
    {
      name: 'small-list',
      title: 'a list of 5 pods, 16 in flight',
      document: `{ pods(namespace: "${NAMESPACE}") { items { ${FIVE_FIELDS} } } }`,
      paths: [`/api/v1/namespaces/${NAMESPACE}/pods`],
      operations: 1000,
      inFlight: 16,
      rivals: ['bare', 'naive'],
      goals: [{ figure: 'cpuMs', atMost: 0.45 }],
    },
    {
      name: 'aliases-identical',
      title: '100 aliases of one GET in one operation',
      document: aliases(objects.map(() => configMapName(0))),
      paths: [configMapPath(configMapName(0))],
      operations: 20,
      rivals: ['bare', 'naive'],
      probes: ['requests'],
      goals: [{ figure: 'upstreamRequests', atMost: 1 }],
    },
    {
      name: 'aliases-distinct',
      title: '100 different GETs in one operation',
      document: aliases(objects),
      paths: objects.map(configMapPath),
      operations: 20,
      rivals: ['bare', 'naive'],
      goals: [{ figure: 'cpuMs', atMost: 20 }],
    },
  ];
}

function sizeCases(): readonly Case[] {
  return [
    {
      name: LARGE,
      title: '20,000 pods, five fields',
      document: PODS,
      paths: ['/api/v1/pods'],
      rivals: ['bare', 'naive'],
      pods: 20_000,
      goals: [{ figure: 'extraMb', atMost: 50 }],
    },
    {
      name: 'gigabyte',
      title: 'a list of 1 GB from the demo, five fields',
      document: `{ pods(namespace: "${HUGE_NAMESPACE}") { items { ${FIVE_FIELDS} } } }`,
      paths: [`/api/v1/namespaces/${HUGE_NAMESPACE}/pods`],
      // A text of 1 GB is more than V8 has room for, so there is no naive arm.
      rivals: ['bare'],
      probes: ['stall'],
      isHuge: true,
      maxRounds: 3,
      warmUps: 0,
      goals: [
        { figure: 'peakMb', atMost: 256 },
        { figure: 'stallMs', atMost: 50 },
      ],
    },
  ];
}

function configMapPath(name: string): string {
  return `/api/v1/namespaces/${NAMESPACE}/configmaps/${name}`;
}

function aliases(names: readonly string[]): string {
  const fields = names.map(
    (name, index) =>
      `a${index}: configMap(namespace: "${NAMESPACE}", name: "${name}") { metadata { name labels } data }`,
  );
  return `{ ${fields.join(' ')} }`;
}
