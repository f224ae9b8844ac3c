import type { Reply } from './request.ts';

/** What subresources that only do something answer. */
export function createdStatus(): Reply {
  const object = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
  return { kind: 'status', status: 201, object };
}
