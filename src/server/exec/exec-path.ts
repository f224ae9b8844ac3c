import type { Refusal } from '../guard.ts';

/** Where WebSockets into containers are asked for. */
export function isExecPath(pathname: string): boolean {
  return /^\/(?:exec|attach)\//.test(pathname);
}

export const EXEC_IS_OFF =
  'this gateway runs no commands in pods: its operator can allow it, with --enable-exec';

/** For requests that do not ask to be upgraded. */
export function refusePlain(isOn: boolean): Refusal {
  if (!isOn) return { status: 403, message: EXEC_IS_OFF };
  return { status: 400, message: 'this is for WebSockets: ask for an upgrade' };
}
