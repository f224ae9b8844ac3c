/** A value of an enum as Go prints it: numbers beyond a million, or very small ones, with an exponent of two digits. */
export function valueText(value: unknown): string {
  if (value === null) return '<no value>';
  if (typeof value !== 'number') return typeof value === 'string' ? value : JSON.stringify(value);
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
