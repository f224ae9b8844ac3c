/** A text that is no time, in the server's words. */
export class TimeError extends Error {
  override readonly name = 'TimeError';
}

const TIME_LAYOUT = '2006-01-02T15:04:05Z07:00';
const MICRO_TIME_LAYOUT = '2006-01-02T15:04:05.000000Z07:00';

/**
 * RFC 3339 in seconds and in UTC, as metadata has it; fractions are cut.
 *
 * @throws TimeError
 */
export function canonicalTime(text: string): string {
  const parts = parse(text, TIME_LAYOUT, [...DATE_AND_TIME, ['', /(?:\.\d+)?/y], ZONE]);
  return `${inUtc(text, parts)}Z`;
}

/**
 * RFC 3339 with exactly six fractional digits and in UTC, as leases and events have it.
 *
 * @throws TimeError
 */
export function canonicalMicroTime(text: string): string {
  const parts = parse(text, MICRO_TIME_LAYOUT, [...DATE_AND_TIME, ['.000000', /\.\d{6}(?!\d)/y], ZONE]);
  return `${inUtc(text, parts)}${parts[11]}Z`;
}

type Element = readonly [layout: string, pattern: RegExp];

const DATE_AND_TIME: readonly Element[] = [
  ['2006', /\d{4}/y],
  ['-', /-/y],
  ['01', /\d{2}/y],
  ['-', /-/y],
  ['02', /\d{2}/y],
  ['T', /T/y],
  ['15', /\d{2}/y],
  [':', /:/y],
  ['04', /\d{2}/y],
  [':', /:/y],
  ['05', /\d{2}/y],
];

const ZONE: Element = ['Z07:00', /Z|[+-]\d{2}:\d{2}/y];

/** Element by element, since the server's message names the one that did not fit. */
function parse(text: string, layout: string, elements: readonly Element[]): readonly string[] {
  let position = 0;
  const parts = elements.map(([element, pattern]) => {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match === null) {
      throw new TimeError(
        `parsing time "${text}" as "${layout}": cannot parse "${text.slice(position)}" as "${element}"`,
      );
    }
    position += match[0].length;
    return match[0];
  });
  if (position < text.length)
    throw new TimeError(`parsing time "${text}": extra text: "${text.slice(position)}"`);
  return parts;
}

/** Without zone and fraction. */
function inUtc(text: string, parts: readonly string[]): string {
  const [year, , month, , day, , hour, , minute, , second] = parts;
  const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${parts.at(-1)}`);
  // Date takes the 31st of any month for a day of the next one.
  const isDay = Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (isDay && !Number.isNaN(time.getTime())) return time.toISOString().slice(0, 19);
  const what = Number(month) < 1 || Number(month) > 12 ? 'month' : 'day';
  throw new TimeError(`parsing time "${text}": ${what} out of range`);
}
