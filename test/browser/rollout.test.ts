import { describe, expect, it } from 'vitest';
import { startCluster } from '../cluster/cluster.ts';
import { atEnd } from '../real/support/at-end.ts';
import { buildCli, startCli } from '../real/support/cli.ts';
import type { Followed } from './page/follower.ts';
import { type Followers, followInPage } from './support/followers.ts';
import { deploy, type Pods } from './support/rollout.ts';

const cluster = await startCluster({ nodes: 2 });
atEnd(() => cluster.stop());
await buildCli();

const DOCUMENT = `subscription ($namespace: String!, $resumeFrom: String) {
  pods(namespace: $namespace, labelSelector: "app=web", resumeFrom: $resumeFrom) {
    type
    snapshot
    cursor
    object { metadata { name resourceVersion } }
  }
}`;

/** A gateway that ends spreads its subscribers' return over some seconds. */
const SOON = { timeout: 60_000, interval: 100 };

/** Of two connections, the second one has gone on behind the first. */
const RESUMED = { snapshots: [true, false], failures: [] };

describe('in a browser', () => {
  it('EventSource and graphql-ws follow a rollout through a restart of the gateway, and end equal to kubectl get', async () => {
    const rollout = await deploy(cluster);
    const before = await rollout.pods();
    const gateway = await startCli(cluster.kubeconfig);
    const { origin, port } = new URL(gateway.url);
    const followers = await followInPage(origin, DOCUMENT, { namespace: rollout.namespace });
    await expect.poll(followers.state, SOON).toEqual(both({ pods: before, snapshots: [true], failures: [] }));

    await rollout.start();
    await expect.poll(() => sawNew(followers, before), SOON).toEqual(both(true));
    await rollout.pause();
    await gateway.end();

    const left = await followers.state();
    await rollout.resume();
    // Something has gone, too, of which only a resumed watch can tell.
    const lost = async () => missing(left.EventSource.pods, await rollout.pods());
    await expect.poll(lost, SOON).not.toEqual([]);
    await rollout.pause();

    await startCli(cluster.kubeconfig, '--port', port);
    await expect.poll(() => course(followers), SOON).toEqual(both(RESUMED));

    await rollout.resume();
    await rollout.completed();
    const after = await rollout.pods();
    expect(missing(before, after)).toEqual(Object.keys(before));
    await expect.poll(followers.state, SOON).toEqual(both({ pods: after, ...RESUMED }));
  });
});

function both<Value>(value: Value): Readonly<Record<'EventSource' | 'graphql-ws', Value>> {
  return { EventSource: value, 'graphql-ws': value };
}

/** Which names are in one and not in the other. */
function missing(pods: Pods, others: Pods): readonly string[] {
  return Object.keys(pods).filter((name) => !(name in others));
}

async function sawNew(followers: Followers, before: Pods) {
  return each(followers, ({ pods }) => missing(pods, before).length > 0);
}

/** How each connection has begun, and what has gone wrong. */
async function course(followers: Followers) {
  return each(followers, ({ snapshots, failures }) => ({ snapshots, failures }));
}

async function each<Value>(followers: Followers, read: (followed: Followed) => Value) {
  const { EventSource, 'graphql-ws': webSocket } = await followers.state();
  return { EventSource: read(EventSource), 'graphql-ws': read(webSocket) };
}
