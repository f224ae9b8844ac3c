/**
 * A failure that the person at the terminal can act on: its message is one line and says what to try.
 *
 * Anything else that is thrown here is a bug in the harness and keeps its stack.
 */
export class HarnessError extends Error {
  override readonly name = 'HarnessError';
}

/** The `code` of a Node system error (`ENOENT`, `EEXIST`), or undefined for anything else. */
export function systemErrorCode(error: unknown): string | undefined {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return undefined;
}
