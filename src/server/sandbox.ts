import type { Door } from './door.ts';

/**
 * What is said of answers that others have made: they stand in the gateway's origin, in which nothing of them may run, or it would
 * act with the rights of whoever looks at it.
 */
export const SANDBOX: Readonly<Record<string, string>> = {
  'content-security-policy': "sandbox; default-src 'none'",
  'x-content-type-options': 'nosniff',
};

/** A door all of whose answers carry these headers, refusals included. */
export function withHeaders(door: Door, headers: Readonly<Record<string, string>>): Door {
  return {
    ...door,
    handle: (request, response) => {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      return door.handle(request, response);
    },
  };
}
