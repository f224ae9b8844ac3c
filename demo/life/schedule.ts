import { DAY, MINUTE } from './time.ts';

/** Sets of minutes, hours, days of the month, months and days of the week. */
type Schedule = readonly (ReadonlySet<number> | undefined)[];

const RANGES: readonly (readonly [low: number, high: number])[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  // Sunday is 0, and 7 as well.
  [0, 7],
];

const NAMED: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/** Reads a cron schedule of numbers: `*`, lists, ranges and steps. Undefined for anything else. */
export function parseSchedule(text: string): Schedule | undefined {
  const fields = (NAMED[text] ?? text).trim().split(/\s+/);
  if (fields.length !== RANGES.length) return undefined;
  const sets = fields.map((field, at) =>
    field === '*' ? undefined : parseField(field, RANGES[at] ?? [0, 0]),
  );
  return sets.some((set) => set?.size === 0) ? undefined : sets;
}

/** Empty for what cannot be read. */
function parseField(field: string, [low, high]: readonly [number, number]): ReadonlySet<number> {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (match === null) return new Set();
    const [, first, last, step] = match;
    const from = first === undefined ? low : Number(first);
    const to = last === undefined ? (first === undefined || step !== undefined ? high : from) : Number(last);
    for (let value = from; value <= Math.min(to, high); value += Math.max(1, Number(step ?? 1)))
      values.add(value);
  }
  return values;
}

/** The first full minute after `after` that a schedule names, in UTC; a year ahead where it names none. */
export function nextTime(schedule: Schedule, after: number): number {
  const end = after + 366 * DAY;
  let at = (Math.floor(after / MINUTE) + 1) * MINUTE;
  while (at < end && !isNamed(schedule, new Date(at)))
    at += isDay(schedule, new Date(at)) ? MINUTE : DAY - (at % DAY);
  return at;
}

function isNamed(schedule: Schedule, date: Date): boolean {
  const [minutes, hours] = schedule;
  return has(minutes, date.getUTCMinutes()) && has(hours, date.getUTCHours()) && isDay(schedule, date);
}

/** With both kinds of days restricted, either is enough, as in every cron. */
function isDay([, , days, months, weekdays]: Schedule, date: Date): boolean {
  if (!has(months, date.getUTCMonth() + 1)) return false;
  const isDate = has(days, date.getUTCDate());
  const isWeekday = has(weekdays, date.getUTCDay()) || (date.getUTCDay() === 0 && has(weekdays, 7));
  return days !== undefined && weekdays !== undefined ? isDate || isWeekday : isDate && isWeekday;
}

function has(set: ReadonlySet<number> | undefined, value: number): boolean {
  return set === undefined || set.has(value);
}
