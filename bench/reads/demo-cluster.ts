/**
 * A program of its own: the demo's API server, which also lists 1 GB of pods in the namespace `huge`. They are made while
 * they are sent, page by page as the API server does it; everything else is the demo's.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encodeAnswer } from '../../demo/http/encoding.ts';
import type { InterceptedRequest } from '../../demo/http/interceptor.ts';
import { startDemo } from '../../demo/start.ts';
import { HUGE_ITEMS, HUGE_NAMESPACE, hugePage } from './huge-list.ts';

/** Sent once the API server listens. */
export interface DemoGreeting {
  readonly kubeconfig: string;
}

const directory = mkdtempSync(path.join(tmpdir(), 'kubegraph-bench-demo-'));
process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
for (const reason of ['disconnect', 'SIGTERM', 'SIGINT']) process.once(reason, () => process.exit());

const demo = await startDemo({
  quiet: true,
  interceptor: {
    intercept: async (request, next) => (isHugeList(request) ? hugeAnswer(request) : next()),
  },
});
process.send?.({ kubeconfig: await demo.writeKubeconfigs(directory) } satisfies DemoGreeting);

function isHugeList({ method, info }: InterceptedRequest): boolean {
  return (
    method === 'GET' &&
    info.kind === 'resource' &&
    info.verb === 'list' &&
    info.resource === 'pods' &&
    info.namespace === HUGE_NAMESPACE
  );
}

function hugeAnswer({ query, headers }: InterceptedRequest): ReturnType<typeof encodeAnswer> {
  const from = Number(query.get('continue') ?? 0);
  const limit = Number(query.get('limit') ?? 0) || HUGE_ITEMS;
  return encodeAnswer(hugePage(from, limit), {
    status: 200,
    contentType: 'application/json',
    acceptsGzip: String(headers['accept-encoding']).includes('gzip'),
  });
}
