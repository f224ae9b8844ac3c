import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Identity } from '../../cluster/identity.ts';
import { readWhole, sendOk } from '../../cluster/read.ts';
import type { Upstream } from '../../cluster/upstream.ts';
import { KubegraphError } from '../../errors/kubegraph-error.ts';
import type { ReportDefect } from '../../execution/graphql-errors.ts';
import { defaultContainer } from '../../logs/default-container.ts';
import { type LogPlace, parseLine } from '../../logs/log-line.ts';
import { logDownload } from '../../logs/log-request.ts';
import { matchingLines } from '../../logs/matching-lines.ts';
import { linePattern } from '../../logs/pattern.ts';
import { callerOf } from '../caller.ts';
import type { Door } from '../door.ts';
import { answerWithError } from '../error-answer.ts';
import type { AuthMode } from '../options.ts';
import { SANDBOX } from '../sandbox.ts';
import { sendOn } from '../sent-on.ts';
import { responseTo } from '../upgraded.ts';
import { KEEP_NOTHING } from '../whole-answer.ts';
import { containerName, type LogQuery, readLogQuery } from './log-query.ts';

export interface LogDoorOptions {
  readonly upstream: Upstream;
  readonly mode: AuthMode;
  readonly report: ReportDefect;
}

/** A log to somebody, who may leave. */
interface Download {
  readonly upstream: Upstream;
  readonly identity: Identity;
  readonly signal: AbortSignal;
}

/** Logs of containers as plain text, as long as they are. Closing it ends those that are followed. */
export function createLogDoor({ upstream, mode, report }: LogDoorOptions): Door {
  const followed = new Set<ServerResponse>();
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const leaving = new AbortController();
    response.once('close', () => {
      followed.delete(response);
      leaving.abort();
    });
    const { signal } = leaving;
    try {
      const identity = callerOf(mode, request.headers.authorization ?? null);
      refuseOtherMethods(request, response);
      const query = readLogQuery(request.url ?? '');
      if (query.form.follow) followed.add(response);
      await download({ upstream, identity, signal }, query, response);
    } catch (error) {
      answerWithError(response, error, report, signal);
    }
  };
  return {
    handle,
    // Clients that hope for another protocol put up with this one.
    upgrade: (request) => handle(request, responseTo(request)),
    close: () => {
      for (const response of followed) response.destroy();
    },
  };
}

/** A HEAD would have to read a log to say anything of it. */
function refuseOtherMethods({ method }: IncomingMessage, response: ServerResponse): void {
  if (method === 'GET') return;
  response.setHeader('allow', 'GET');
  throw new KubegraphError('METHOD_NOT_ALLOWED', 'logs are read with GET');
}

async function download(call: Download, query: LogQuery, response: ServerResponse): Promise<void> {
  const { upstream, identity, signal } = call;
  const { range, form, grep } = query;
  const pattern = grep === undefined ? undefined : await linePattern(grep);
  const place = await placeOf(call, query.place);
  const answer = await sendOk(upstream, { ...logDownload(identity, place, range, form), signal });
  response.writeHead(200, headersOf(place));
  // As in the fields of GraphQL a pattern does not see the times.
  const textOf = form.timestamps ? (line: Buffer) => parseLine(place, line, false).text : undefined;
  const body = pattern === undefined ? answer.body : matchingLines(answer.body, pattern, textOf);
  await sendOn(response, body);
}

async function placeOf({ upstream, identity, signal }: Download, place: LogPlace): Promise<LogPlace> {
  if (place.container !== undefined) return place;
  const read = async (path: string): Promise<Buffer> =>
    readWhole((await sendOk(upstream, { identity, method: 'GET', path, signal })).body);
  const container = await defaultContainer(place.namespace, place.pod, read);
  return { ...place, container: container === undefined ? undefined : containerName(container) };
}

/** Whatever a container writes is neither shown nor run in the gateway's origin, and kept by nobody on the way. */
function headersOf({ pod, container }: LogPlace): Readonly<Record<string, string>> {
  const file = container === undefined ? pod : `${pod}_${container}`;
  return {
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': `attachment; filename="${file}.log"`,
    ...SANDBOX,
    'cache-control': KEEP_NOTHING,
  };
}
