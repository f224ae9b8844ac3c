/** What a gateway counts, by the name and labels of each line: `kubegraph_upstream_watches`. */
export type GatewayMetrics = ReadonlyMap<string, number>;

/** @param url of the GraphQL endpoint. */
export async function readMetrics(url: string): Promise<GatewayMetrics> {
  const text = await (await fetch(new URL('/metrics', url))).text();
  const lines = text.matchAll(/^([a-z_]+(?:\{.*\})?) (\S+)$/gm);
  return new Map([...lines].map(([, name, value]) => [name as string, Number(value)]));
}

/** Subscriptions over server-sent events that have been ended for their slowness. */
export async function slowConsumers(url: string): Promise<number> {
  return (await readMetrics(url)).get('kubegraph_subscriptions_ended_total{code="SLOW_CONSUMER"}') ?? 0;
}

const BUCKET = /^kubegraph_subscription_delivery_seconds_bucket\{transport="sse",le="(\S+)"\}$/;

/**
 * The bound of the gateway's own histogram below which 99 % of the deliveries between two looks were, in milliseconds: from the
 * API server's event to the client's socket. Undefined when there were none.
 */
export function insideP99Ms(before: GatewayMetrics, after: GatewayMetrics): number | undefined {
  const counts = [...after].flatMap(([name, count]) => {
    const bound = BUCKET.exec(name)?.[1];
    return bound === undefined ? [] : [{ bound: Number(bound), count: count - (before.get(name) ?? 0) }];
  });
  // The last one, whose bound is no number, counts all.
  const all = counts.at(-1)?.count ?? 0;
  const bound = counts.find(({ count }) => count >= all * 0.99)?.bound;
  return all === 0 || bound === undefined || Number.isNaN(bound) ? undefined : bound * 1000;
}
