import type { Identity } from '../cluster/identity.ts';
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

/** Commands can hold whole scripts; so many characters of one are logged. */
const MAX_COMMAND_LENGTH = 1_000;

/** Logs a session when it begins. The log is told of each exactly once. */
export function auditSession(
  log: Log,
  { identity, namespace, pod, container, command }: AuditedSession,
): void {
  const words = command === undefined ? undefined : JSON.stringify(command);
  log.info(command === undefined ? 'attached to a container' : 'a command runs in a container', {
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
