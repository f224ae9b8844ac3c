/** Ends a `switch` over a union: the compiler refuses it while a member is left over. */
export function assertNever(value: never, what: string): never {
  throw new Error(`unhandled ${what}: ${JSON.stringify(value)}`);
}
