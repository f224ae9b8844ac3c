import { setImmediate as nextTurn } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { KUBECONFIG_IDENTITY } from '../../../../src/cluster/identity.ts';
import { readWhole } from '../../../../src/cluster/read.ts';
import {
  type ClusterUpstream,
  createUpstream,
  type CreateUpstreamOptions,
} from '../../../../src/cluster/transport/create.ts';
import type { Upstream, UpstreamAnswer, UpstreamRequest } from '../../../../src/cluster/upstream.ts';
import type { KubegraphError } from '../../../../src/errors/kubegraph-error.ts';

/** An upstream that closes with the test. Plugins may run, writes may be sent. */
export function testUpstream(
  options: Partial<CreateUpstreamOptions> & Pick<CreateUpstreamOptions, 'target'>,
): ClusterUpstream {
  const upstream = createUpstream({
    mode: 'kubeconfig',
    readOnly: false,
    execPolicy: 'allow',
    hasTerminal: false,
    ...options,
  });
  onTestFinished(() => upstream.close());
  return upstream;
}

/** A GET of /api by the kubeconfig's user, unless said otherwise. */
export function aRequest(changes: Partial<UpstreamRequest> = {}): UpstreamRequest {
  return { identity: KUBECONFIG_IDENTITY, method: 'GET', path: '/api', ...changes };
}

/** Sends and reads to the end. */
export async function fetchText(
  upstream: Upstream,
  changes: Partial<UpstreamRequest> = {},
): Promise<UpstreamAnswer & { readonly text: string }> {
  const answer = await upstream.send(aRequest(changes));
  const body = await readWhole(answer.body);
  // undici gives the connection free one turn after the body's end.
  await nextTurn();
  return { ...answer, text: body.toString('utf8') };
}

/** The error that `work` rejects with. Fails when it resolves. */
export async function rejection(work: Promise<unknown>): Promise<KubegraphError> {
  return work.then(
    () => {
      throw new Error('expected a rejection');
    },
    (error: KubegraphError) => error,
  );
}
