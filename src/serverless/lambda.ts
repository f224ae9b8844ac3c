import { tmpdir } from 'node:os';
import path from 'node:path';
import { diskCache } from '../catalog/document-cache.ts';
import { createUpstream } from '../cluster/transport/create.ts';
import type { Upstream } from '../cluster/upstream.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import { unparsableDocuments } from '../execution/unparsable.ts';
import { createGateway } from '../server/gateway.ts';
import { jsonLines } from '../util/log.ts';
import { createHandler } from './handler.ts';
import { readSettings } from './settings.ts';

/** In /tmp, the only place that a function can write to. It lives as long as the execution environment. */
const CACHE_DIRECTORY = path.join(tmpdir(), 'kubegraph');

/**
 * How long the API server may take for one call, in milliseconds: less than the 30 s after which HTTP APIs hang up, so
 * that the answer says which field timed out, and of a write that its outcome is unknown.
 */
const UPSTREAM_DEADLINE_MS = 20_000;

const log = jsonLines((line) => process.stderr.write(line));
const { mode, readOnly, schema, documents, target } = readSettings(process.env);
const wrong = documents && unparsableDocuments(documents);
if (wrong !== undefined) throw new KubegraphError('KUBECONFIG_INVALID', wrong);
const server = target.server.origin + target.server.pathPrefix;
const upstream = createUpstream({
  target,
  mode,
  readOnly,
  execPolicy: 'deny',
  onWarning: (message) => log.warn(message),
});

/**
 * For AWS Lambda behind an HTTP API or a function URL. Settings are those of the environment variables in settings.ts; a
 * wrong one ends the start, so that it is seen at deployment. One gateway serves all requests of an execution
 * environment, and nothing is connected before the first.
 */
export const handler = createHandler(
  createGateway({
    upstream: impatient(upstream),
    cache: diskCache(CACHE_DIRECTORY, server),
    mode,
    log,
    graphiql: false,
    streams: false,
    followCatalog: false,
    schema,
    documents,
  }),
);

function impatient(upstream: Upstream): Upstream {
  return {
    send: (request) => upstream.send({ deadlineMs: UPSTREAM_DEADLINE_MS, ...request }),
    close: () => upstream.close(),
  };
}
