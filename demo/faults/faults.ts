import type { Clock, Random } from '../api/clock.ts';
import { systemClock } from '../api/system-clock.ts';
import type { Answer } from '../http/answer.ts';
import type { InterceptedRequest, Interceptor } from '../http/interceptor.ts';
import { strikeAnswer, strikeStaleWatch } from './answer-faults.ts';
import { ArmedRule } from './armed-rule.ts';
import { refusalAnswer } from './refusals.ts';
import type { Fault, Rule } from './rule.ts';
import { resetConnection, type ServerActions, type Strike } from './strike.ts';
import { remembered, strikeWatch } from './watch-faults.ts';

export interface FaultsOptions {
  /** Same seed and same requests, same faults. */
  readonly random: Random;
  /** Armed from the start. Default: none. */
  readonly rules?: readonly Rule[];
  /** For pauses. Default: the machine's. */
  readonly clock?: Clock;
}

/** A fault that took effect. */
export interface Injection {
  readonly kind: Fault['kind'];
  /** `GET /api/v1/pods?watch=1`. */
  readonly request: string;
  readonly detail: string;
}

export interface Armed {
  /** Resolves when the rule's fault takes effect for the first time. */
  readonly struck: Promise<Injection>;
  /** Streams that it has already struck stay struck. */
  disarm(): void;
}

/** An interceptor that makes things go wrong, by rules and repeatably. */
export interface Faults extends Interceptor {
  /** What has gone wrong on demand, oldest first. To be printed when a test fails. */
  readonly log: readonly Injection[];
  /** Rules add up: a request that several rules strike has all their faults, the first rule's outermost. */
  arm(rule: Rule): Armed;
  /** Ends all rules. */
  disarm(): void;
  /** Says which server `restart` and `rotate` are about: a `DemoCluster`'s `api`, for one. */
  attach(server: ServerActions): void;
  /** Resolves when no restart or rotation is under way; rejects if one has failed. */
  settled(): Promise<void>;
}

export function createFaults(options: FaultsOptions): Faults {
  return new FaultLayer(options);
}

class FaultLayer implements Faults {
  readonly log: Injection[] = [];
  readonly #random: Random;
  readonly #clock: Clock;
  readonly #armed = new Map<ArmedRule, (injection: Injection) => void>();
  #armedCount = 0;
  #server: ServerActions | undefined;
  #disruption = Promise.resolve();

  constructor({ clock = systemClock, random, rules = [] }: FaultsOptions) {
    this.#random = random;
    this.#clock = clock;
    for (const rule of rules) this.arm(rule);
  }

  arm(rule: Rule): Armed {
    const armed = new ArmedRule(rule, this.#random.fork(`rule ${this.#armedCount++}`));
    const struck = new Promise<Injection>((resolve) => this.#armed.set(armed, resolve));
    return { struck, disarm: () => this.#armed.delete(armed) };
  }

  disarm(): void {
    this.#armed.clear();
  }

  attach(server: ServerActions): void {
    this.#server = server;
  }

  settled(): Promise<void> {
    return this.#disruption;
  }

  intercept(request: InterceptedRequest, next: () => Promise<Answer>): Promise<Answer> {
    let answer = next;
    for (const [armed, tell] of [...this.#armed].toReversed()) {
      const inner = answer;
      // Asked in any case, because its counts go on.
      if (armed.strikes(request)) {
        answer = () => strikeWith(armed.rule.fault, this.#strike(request, inner, armed, tell));
      } else if (armed.rule.fault.kind === 'replay' || armed.rule.fault.kind === 'stale') {
        answer = () => remember(this.#strike(request, inner, armed, tell));
      }
    }
    return answer();
  }

  #strike(
    request: InterceptedRequest,
    next: () => Promise<Answer>,
    { memory, random, rule }: ArmedRule,
    tell: (injection: Injection) => void,
  ): Strike {
    return {
      request,
      next,
      random,
      clock: this.#clock,
      memory,
      disrupt: (action) => this.#disrupt(action),
      hit: (detail = '') => {
        const injection = { kind: rule.fault.kind, request: textOf(request), detail };
        this.log.push(injection);
        tell(injection);
      },
    };
  }

  /** One after the other: a server that is already going down cannot be restarted. */
  #disrupt(action: (server: ServerActions) => Promise<void>): void {
    const server = this.#server;
    if (server === undefined) throw new Error('restart and rotate need a server: call attach first');
    this.#disruption = this.#disruption.then(() => action(server));
    // Whoever is interested asks `settled`.
    this.#disruption.catch(() => undefined);
  }
}

async function strikeWith(fault: Fault, strike: Strike): Promise<Answer> {
  const isWatch = strike.request.info.verb === 'watch';
  if (fault.kind === 'refuse') {
    strike.hit(`${fault.code}`);
    return refusalAnswer(fault);
  }
  if (fault.kind === 'reset' && fault.at === 'request') {
    strike.hit('request');
    await resetConnection(strike);
    return refusalAnswer({ code: 503 });
  }
  if (fault.kind === 'stale' && isWatch) return strikeStaleWatch(strike);
  const answer = await strike.next();
  if (!isWatch || Buffer.isBuffer(answer.body)) return strikeAnswer(answer, fault, strike);
  const body = fault.kind === 'replay' ? remembered(answer.body, strike) : answer.body;
  return { ...answer, body: strikeWatch(body, fault, strike) };
}

/** What a later strike may bring again. */
async function remember(strike: Strike): Promise<Answer> {
  const answer = await strike.next();
  if (Buffer.isBuffer(answer.body)) {
    if (strike.request.method === 'GET') strike.memory.first(strike.request, answer);
    return answer;
  }
  return strike.request.info.verb === 'watch' ? { ...answer, body: remembered(answer.body, strike) } : answer;
}

function textOf({ method, path, query }: InterceptedRequest): string {
  const text = query.toString();
  return `${method} ${path}${text === '' ? '' : `?${text}`}`;
}
