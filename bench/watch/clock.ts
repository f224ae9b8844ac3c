const SINCE_BOOT = Number(process.hrtime.bigint() / 1000n) - performance.now() * 1000;

/** Whole microseconds of the machine's monotonic clock: two processes of one machine can compare them. */
export function microseconds(): number {
  return Math.floor(SINCE_BOOT + performance.now() * 1000);
}
