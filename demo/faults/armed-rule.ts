import type { Random } from '../api/clock.ts';
import type { InterceptedRequest } from '../http/interceptor.ts';
import { Memory } from './memory.ts';
import type { Rule, Target } from './rule.ts';

/** A rule with its counts, its memory and its own chance: rules do not disturb each other. */
export class ArmedRule {
  readonly rule: Rule;
  readonly random: Random;
  readonly memory = new Memory();
  #fitting = 0;
  #strikes = 0;

  constructor(rule: Rule, random: Random) {
    this.rule = rule;
    this.random = random;
  }

  /** Whether this request is to be struck. To be asked once for each. */
  strikes(request: InterceptedRequest): boolean {
    const { on = {}, when = {} } = this.rule;
    if (!fits(on, request)) return false;
    this.#fitting++;
    const { nth, chance, times = Number.POSITIVE_INFINITY } = when;
    if (nth !== undefined && nth !== this.#fitting) return false;
    if (this.#strikes >= times) return false;
    if (chance !== undefined && this.random.next() >= chance) return false;
    this.#strikes++;
    return true;
  }
}

function isStream({ info, query }: InterceptedRequest): boolean {
  if (info.kind === 'path') return false;
  return info.verb === 'watch' || (info.subresource === 'log' && query.get('follow') === 'true');
}

function fits(target: Target, request: InterceptedRequest): boolean {
  const { info, path } = request;
  const { mode } = target;
  const of = info.kind === 'resource' ? info : NO_RESOURCE;
  return (
    isOneOf(target.verb, info.verb) &&
    isOneOf(target.resource, of.resource) &&
    isOneOf(target.group, of.group) &&
    isOneOf(target.namespace, of.namespace) &&
    isOneOf(target.name, of.name) &&
    (mode === undefined || isStream(request) === (mode === 'stream')) &&
    path.startsWith(target.path ?? '')
  );
}

const NO_RESOURCE = { resource: undefined, group: undefined, namespace: undefined, name: undefined };

function isOneOf(wanted: string | readonly string[] | undefined, value: string | undefined): boolean {
  if (wanted === undefined) return true;
  return value !== undefined && (typeof wanted === 'string' ? wanted === value : wanted.includes(value));
}
