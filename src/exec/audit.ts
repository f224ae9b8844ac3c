import type { Identity } from '../cluster/identity.ts';
import type { RawUpgrader } from '../cluster/raw.ts';
import type { Code } from '../errors/codes.ts';
import { isKubegraphError } from '../errors/kubegraph-error.ts';
import type { Log } from '../util/log.ts';

/** Who did what where. What went in and came out is nobody's to keep. */
export interface AuditedSession {
  readonly identity: Identity;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string | undefined;
  /** Undefined: the session attached to what ran already. */
  readonly command: readonly string[] | undefined;
}

const EVENTS = {
  attach: { certain: 'attached to a container', possible: 'may have attached to a container' },
  exec: { certain: 'a command runs in a container', possible: 'a command may run in a container' },
};

/** Commands can hold whole scripts; so many characters of one are logged. */
const MAX_COMMAND_LENGTH = 1_000;

/** By which the API server has heard of nothing. */
const NOT_SENT: ReadonlySet<Code> = new Set([
  'BAD_USER_INPUT',
  'CREDENTIALS_UNAVAILABLE',
  'READ_ONLY',
  'UNAUTHENTICATED',
]);

/**
 * A way into a container that logs the session which begins by it, or which may have begun: the program starts when the API server
 * lets it, and whoever leaves before that is heard here would run it unseen.
 */
export function audited(upstream: RawUpgrader, log: Log, session: AuditedSession): RawUpgrader {
  return {
    upgrade: async (request) => {
      try {
        const answer = await upstream.upgrade(request);
        if (answer.kind === 'upgraded') logSession(log, session, 'certain');
        return answer;
      } catch (error) {
        if (!isKubegraphError(error) || !NOT_SENT.has(error.code)) logSession(log, session, 'possible');
        throw error;
      }
    },
  };
}

function logSession(
  log: Log,
  { identity, namespace, pod, container, command }: AuditedSession,
  how: 'certain' | 'possible',
): void {
  const words = command === undefined ? undefined : JSON.stringify(command);
  const event = command === undefined ? EVENTS.attach : EVENTS.exec;
  log.info(event[how], {
    who: identity.key,
    namespace,
    pod,
    container,
    command:
      words !== undefined && words.length > MAX_COMMAND_LENGTH
        ? `${words.slice(0, MAX_COMMAND_LENGTH)}…`
        : words,
  });
}
