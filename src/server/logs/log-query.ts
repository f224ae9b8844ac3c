import type { LogPlace } from '../../logs/log-line.ts';
import type { LogForm, LogRange } from '../../logs/log-request.ts';
import { moment } from '../../logs/timestamp.ts';
import { isObjectName } from '../../util/object-name.ts';
import { badInput, checkParameters, flagIn } from '../query-parameters.ts';

/** A log that somebody wants to have. */
export interface LogQuery {
  readonly place: LogPlace;
  readonly range: LogRange;
  readonly form: LogForm;
  /** Which lines are wanted. Undefined: all of them. */
  readonly grep: string | undefined;
}

const PATH = /^\/logs\/([^/]+)\/([^/]+)$/;

/** As the query `podLogs` calls them, and what is about the form alone. */
const PARAMETERS: ReadonlySet<string> = new Set([
  'container',
  'follow',
  'grep',
  'limitBytes',
  'previous',
  'sinceSeconds',
  'sinceTime',
  'tailLines',
  'timestamps',
]);

/** Reads path and query of a request line. Throws BAD_USER_INPUT. */
export function readLogQuery(target: string): LogQuery {
  const mark = target.indexOf('?');
  const [, namespace = '', pod = ''] = PATH.exec(mark < 0 ? target : target.slice(0, mark)) ?? [];
  if (!isObjectName(namespace) || !isObjectName(pod)) throw badInput('the path is /logs/NAMESPACE/POD');
  const parameters = new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1));
  checkParameters(parameters, PARAMETERS);
  const container = parameters.get('container') ?? undefined;
  return {
    place: { namespace, pod, container: container === undefined ? undefined : containerName(container) },
    range: rangeIn(parameters),
    form: {
      follow: flagIn(parameters, 'follow', false),
      timestamps: flagIn(parameters, 'timestamps', false),
    },
    grep: parameters.get('grep') ?? undefined,
  };
}

/** The name, which a header may hold. Throws BAD_USER_INPUT for what no container is called. */
export function containerName(text: string): string {
  if (isObjectName(text)) return text;
  throw badInput(`${JSON.stringify(text)} cannot be the name of a container`);
}

function rangeIn(parameters: URLSearchParams): LogRange {
  const sinceSeconds = numberIn(parameters, 'sinceSeconds', 1);
  const sinceTime = parameters.get('sinceTime') ?? undefined;
  if (sinceSeconds !== undefined && sinceTime !== undefined)
    throw badInput('give "sinceSeconds" or "sinceTime", and not both');
  if (sinceTime !== undefined && moment(sinceTime) === undefined)
    throw badInput('"sinceTime" is a time such as 2026-01-01T00:00:00Z');
  return {
    previous: flagIn(parameters, 'previous', false),
    sinceSeconds,
    sinceTime,
    tailLines: numberIn(parameters, 'tailLines', 0),
    limitBytes: numberIn(parameters, 'limitBytes', 1),
  };
}

function numberIn(parameters: URLSearchParams, name: string, least: number): number | undefined {
  const text = parameters.get(name);
  if (text === null) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw badInput(`${JSON.stringify(name)} is a whole number from ${least}`);
}
