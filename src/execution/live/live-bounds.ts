import { MAX_PAYLOAD_BYTES } from '../payload-source.ts';

/** Of live queries, in bytes. Small ones make a property test of their shape. */
export const LIVE_BOUNDS = {
  /** A page of a snapshot ends with the object that makes it larger, as it is shown. */
  page: MAX_PAYLOAD_BYTES,
  /** A PATCH ends with the step that makes it heavier: as a step weighs both states of an object, it shows half of that. */
  patch: 2 * MAX_PAYLOAD_BYTES,
  /** Who has taken nothing while patches of this weight have come is not waited for. */
  untaken: 1024 * 1024,
  /** Nor is who takes, but so slowly that patches of this weight are before it. */
  behind: 16 * 1024 * 1024,
};
