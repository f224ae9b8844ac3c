/**
 * A program of its own: the gateway that one would write in an afternoon. Yoga with its defaults, a schema of exactly the
 * types that the cases select, resolvers that GET with undici and parse the whole answer.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSchema, createYoga } from 'graphql-yoga';
import { Pool } from 'undici';
import type { Target } from '../target.ts';

/** Sent once it listens. */
export interface NaiveGreeting {
  readonly url: string;
}

const TYPES = /* GraphQL */ `
  scalar StringMap
  type Query {
    pods(namespace: String): PodList
    node(name: String!): Node
    configMap(namespace: String!, name: String!): ConfigMap
  }
  type ObjectMeta {
    name: String
    namespace: String
    uid: String
    creationTimestamp: String
    labels: StringMap
    annotations: StringMap
    ownerReferences: [OwnerReference]
  }
  type OwnerReference {
    kind: String
    name: String
  }
  type PodList {
    items: [Pod!]!
  }
  type Pod {
    metadata: ObjectMeta!
    spec: PodSpec
    status: PodStatus
  }
  type PodSpec {
    nodeName: String
    serviceAccountName: String
    restartPolicy: String
    terminationGracePeriodSeconds: Int
    containers: [Container]
  }
  type Container {
    name: String
    image: String
    args: [String]
    env: [EnvVar]
    ports: [ContainerPort]
    volumeMounts: [VolumeMount]
  }
  type EnvVar {
    name: String
    value: String
  }
  type ContainerPort {
    name: String
    containerPort: Int
    protocol: String
  }
  type VolumeMount {
    mountPath: String
  }
  type PodStatus {
    phase: String
    podIP: String
    startTime: String
    qosClass: String
    conditions: [PodCondition]
    containerStatuses: [ContainerStatus]
  }
  type PodCondition {
    type: String
    status: String
    lastTransitionTime: String
  }
  type ContainerStatus {
    ready: Boolean
    restartCount: Int
  }
  type Node {
    metadata: ObjectMeta!
    spec: NodeSpec
    status: NodeStatus
  }
  type NodeSpec {
    podCIDR: String
  }
  type NodeStatus {
    nodeInfo: NodeSystemInfo
  }
  type NodeSystemInfo {
    kubeletVersion: String
  }
  type ConfigMap {
    metadata: ObjectMeta!
    data: StringMap
  }
`;

const { origin, pathPrefix, headers, connect } = JSON.parse(
  readFileSync(process.argv[2] as string, 'utf8'),
) as Target;
const pool = new Pool(origin, { connect, connections: 16 });

async function get(path: string): Promise<unknown> {
  const answer = await pool.request({ method: 'GET', path: pathPrefix + path, headers });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${text}`);
  return JSON.parse(text);
}

interface Named {
  readonly namespace: string;
  readonly name: string;
}

const schema = createSchema({
  typeDefs: TYPES,
  resolvers: {
    Query: {
      pods: (_: unknown, { namespace }: Partial<Named>) =>
        get(namespace === undefined ? '/api/v1/pods' : `/api/v1/namespaces/${namespace}/pods`),
      node: (_: unknown, { name }: Named) => get(`/api/v1/nodes/${name}`),
      configMap: (_: unknown, { namespace, name }: Named) =>
        get(`/api/v1/namespaces/${namespace}/configmaps/${name}`),
    },
  },
});

process.once('disconnect', () => process.exit());
const server = createServer(createYoga({ schema, logging: false }));
server.listen(0, '127.0.0.1', () => {
  // A server that listens on a port has such an address.
  const { port } = server.address() as AddressInfo;
  process.send?.({ url: `http://127.0.0.1:${port}/graphql` } satisfies NaiveGreeting);
});
