import { UsageError } from './command.ts';

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** The longest time that a timer can be set to, in milliseconds: 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * A time as people write it, in milliseconds: `90s`, `30m`, `12h`, `7d`. Throws UsageError.
 *
 * @param flag as in `--max-age`.
 */
export function readDuration(flag: string, value: string): number {
  const [, number = '', unit = ''] = /^(\d{1,9})([smhd])$/.exec(value) ?? [];
  const milliseconds = Number(number) * (SECONDS[unit] ?? 0) * 1_000;
  if (milliseconds > 0 && milliseconds <= MAX_TIMER_MS) return milliseconds;
  throw new UsageError(
    `${flag} is a time of up to 24 days, such as 90s, 30m, 12h or 7d, not ${JSON.stringify(value)}`,
  );
}
