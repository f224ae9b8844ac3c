/**
 * The rules for names, labels and their kin, with the real server's words. Each function answers what is wrong, nothing
 * when all is well.
 */

const SUBDOMAIN = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const STRICT_LABEL = '[a-z]([-a-z0-9]*[a-z0-9])?';
const QUALIFIED_NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?';
const CONFIG_KEY = '[-._a-zA-Z0-9]+';

const ENDS = 'must start and end with an alphanumeric character';
const ALPHANUMERIC = `alphanumeric characters, '-', '_' or '.', and ${ENDS}`;
const KEY_RULE = `must consist of ${ALPHANUMERIC}`;
const KEY_EXAMPLES = ['MyName', 'my.name', '123-abc'];

/** Most names: `my-app`, `example.com`. */
export function subdomainErrors(value: string): readonly string[] {
  const rule = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and ${ENDS}`;
  return [...tooLong(value, 253), ...mismatch(value, SUBDOMAIN, rule, ['example.com'])];
}

/** Names that become one part of a host name: containers, volumes. */
export function dnsLabelErrors(value: string): readonly string[] {
  const rule = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and ${ENDS}`;
  return [...tooLong(value, 63), ...mismatch(value, LABEL, rule, ['my-name', '123-abc'])];
}

/** Names that only have to be one path segment: those of RBAC objects. */
export function pathSegmentErrors(value: string): readonly string[] {
  if (value === '.' || value === '..') return [`may not be '${value}'`];
  return ['/', '%'].flatMap((sign) => (value.includes(sign) ? [`may not contain '${sign}'`] : []));
}

/** Labels that start with a letter: names and versions of custom resources. */
export function strictLabelErrors(value: string): readonly string[] {
  const rule =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
  return [...tooLong(value, 63), ...mismatch(value, STRICT_LABEL, rule, ['my-name', 'abc-123'])];
}

/** Keys of labels: `NAME` or `PREFIX/NAME`. */
export function qualifiedNameErrors(value: string): readonly string[] {
  const parts = value.split('/');
  const [name = '', prefix] = parts.toReversed();
  if (parts.length > 2) {
    const rule = withExamples(`a valid label key ${KEY_RULE}`, QUALIFIED_NAME, KEY_EXAMPLES);
    return [`${rule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const empty = name === '' ? ['must be non-empty'] : [];
  const inName = [...empty, ...tooLong(name, 63), ...mismatch(name, QUALIFIED_NAME, KEY_RULE, KEY_EXAMPLES)];
  return [...prefixErrors(prefix), ...inName.map((error) => `name part ${error}`)];
}

function prefixErrors(prefix: string | undefined): readonly string[] {
  if (prefix === undefined) return [];
  const errors = prefix === '' ? ['must be non-empty'] : subdomainErrors(prefix);
  return errors.map((error) => `prefix part ${error}`);
}

export function labelValueErrors(value: string): readonly string[] {
  const rule = `a valid label must be an empty string or consist of ${ALPHANUMERIC}`;
  return [...tooLong(value, 63), ...mismatch(value, LABEL_VALUE, rule, ['MyValue', 'my_value', '12345'])];
}

/** Names of ports, which may stand where a number may. */
export function portNameErrors(value: string): readonly string[] {
  const rules: readonly (readonly [boolean, string])[] = [
    [value.length > 15, 'must be no more than 15 characters'],
    [!/^[-a-z0-9]+$/.test(value), 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)'],
    [!/[a-z]/.test(value), 'must contain at least one letter (a-z)'],
    [value.includes('--'), 'must not contain consecutive hyphens'],
    [/^-|-$/.test(value), 'must not begin or end with a hyphen'],
  ];
  return rules.flatMap(([isBroken, rule]) => (isBroken ? [rule] : []));
}

/** Keys in ConfigMaps and Secrets, which become file names. */
export function configKeyErrors(value: string): readonly string[] {
  const rule = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
  if (value === '.' || value === '..') return [`must not be '${value}'`];
  if (value.startsWith('..')) return ["must not start with '..'"];
  return [...tooLong(value, 253), ...mismatch(value, CONFIG_KEY, rule, ['key.name', 'KEY_NAME', 'key-name'])];
}

export function environmentNameErrors(value: string): readonly string[] {
  const rule =
    "a valid environment variable name must consist only of printable ASCII characters other than '='";
  return /^[ -<>-~]+$/.test(value) ? [] : [rule];
}

export function percentErrors(value: string): readonly string[] {
  const rule = "a valid percent string must be a numeric string followed by an ending '%'";
  return mismatch(value, '[0-9]+%', rule, ['1%', '93%']);
}

function tooLong(value: string, limit: number): readonly string[] {
  return Buffer.byteLength(value) > limit ? [`must be no more than ${limit} bytes`] : [];
}

function mismatch(
  value: string,
  pattern: string,
  rule: string,
  examples: readonly string[],
): readonly string[] {
  return new RegExp(`^${pattern}$`).test(value) ? [] : [withExamples(rule, pattern, examples)];
}

function withExamples(rule: string, pattern: string, examples: readonly string[]): string {
  const list = examples.map((example) => `'${example}'`).join(',  or ');
  return `${rule} (e.g. ${list}, regex used for validation is '${pattern}')`;
}
