/** No cache keeps it, and no proxy shall hold events back to fill a buffer or to compress it. */
export const EVENT_STREAM = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const;

/** Whether `Accept` names server-sent events. Whoever takes anything does not expect them. */
export function acceptsEvents(accept: string | undefined): boolean {
  const types = (accept ?? '').toLowerCase().split(',');
  return types.some((type) => type.split(';', 1)[0]?.trim() === 'text/event-stream');
}
