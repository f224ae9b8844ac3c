import { type GatewayArm, type RunningArm, startGatewayArm, type Surroundings } from './arms.ts';
import type { Case, Probe } from './cases.ts';
import type { Client } from './client.ts';
import { percentile } from './figures.ts';
import { type Observed, startObserver } from './observer.ts';
import { pingDuring } from './pings.ts';
import { GATEWAY } from './result.ts';
import type { Arm } from './rounds.ts';

/** Looks at a gateway of its own, or pings the one that is measured already; its figures are the gateway's. */
export async function startProbe(
  probe: Probe,
  of: Case,
  gateway: GatewayArm,
  surroundings: Surroundings,
): Promise<RunningArm> {
  switch (probe) {
    case 'stall':
      return { ...stalls(of, gateway), stop: () => Promise.resolve() };
    case 'first byte':
      return startObserved(of, surroundings, firstByte);
    case 'requests':
      return startObserved(of, surroundings, requests);
  }
}

function stalls({ document }: Case, { client, url }: GatewayArm): Arm {
  return {
    name: GATEWAY,
    round: async () => ({
      stallMs: percentile(await pingDuring(url, () => client.post(document)), 0.99),
    }),
  };
}

type Look = (of: Case, client: Client, take: () => readonly Observed[]) => ReturnType<Arm['round']>;

const firstByte: Look = async ({ document, paths }, client, take) => {
  take();
  const { firstByteAt } = await client.post(document);
  const list = take().find(({ path }) => paths.some((wanted) => pathOf(path) === wanted));
  if (list?.firstByteAt === undefined) throw new Error('the gateway asked for no list');
  return { firstByteMs: firstByteAt - list.firstByteAt };
};

const requests: Look = async ({ document, paths }, client, take) => {
  take();
  await client.post(document);
  const upstreamRequests = take().filter(({ path }) => paths.includes(pathOf(path))).length;
  return { upstreamRequests };
};

async function startObserved(of: Case, surroundings: Surroundings, look: Look): Promise<RunningArm> {
  const observer = await startObserver(surroundings.kubeconfig, surroundings.directory);
  const arm = await startGatewayArm(GATEWAY, of, { ...surroundings, kubeconfig: observer.kubeconfig });
  return {
    name: GATEWAY,
    round: () => look(of, arm.client, () => observer.take()),
    stop: async () => {
      await arm.stop();
      await observer.stop();
    },
  };
}

function pathOf(path: string): string {
  return path.split('?')[0] ?? path;
}
