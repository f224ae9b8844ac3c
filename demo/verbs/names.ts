/**
 * The rules for names, labels and their kin, with the real server's words. Each function answers what is wrong, nothing
 * when all is well.
 */

const SUBDOMAIN = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const DNS_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const QUALIFIED_NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?';

const ALPHANUMERIC =
  "alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const KEY_RULE = `must consist of ${ALPHANUMERIC}`;
const KEY_EXAMPLES = ['MyName', 'my.name', '123-abc'];

/** Most names: `my-app`, `example.com`. */
export function subdomainErrors(value: string): readonly string[] {
  const rule =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
  return [...tooLong(value, 253), ...mismatch(value, SUBDOMAIN, rule, ['example.com'])];
}

/** Names that become one part of a host name: namespaces, services. */
export function dnsLabelErrors(value: string): readonly string[] {
  const rule =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
  return [...tooLong(value, 63), ...mismatch(value, DNS_LABEL, rule, ['my-name', '123-abc'])];
}

/** Names that only have to be one path segment: those of RBAC objects. */
export function pathSegmentErrors(value: string): readonly string[] {
  if (value === '.' || value === '..') return [`may not be '${value}'`];
  return ['/', '%'].flatMap((sign) => (value.includes(sign) ? [`may not contain '${sign}'`] : []));
}

/** Keys of labels and annotations, and finalizers: `NAME` or `PREFIX/NAME`. */
export function qualifiedNameErrors(value: string): readonly string[] {
  const parts = value.split('/');
  const [name, prefix] = parts.toReversed();
  if (parts.length > 2) {
    const rule = `a valid label key ${KEY_RULE}`;
    return [
      `${withExamples(rule, QUALIFIED_NAME, KEY_EXAMPLES)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  return [...prefixErrors(prefix), ...namePartErrors(name ?? '').map((error) => `name part ${error}`)];
}

export function labelValueErrors(value: string): readonly string[] {
  const rule = `a valid label must be an empty string or consist of ${ALPHANUMERIC}`;
  return [...tooLong(value, 63), ...mismatch(value, LABEL_VALUE, rule, ['MyValue', 'my_value', '12345'])];
}

function prefixErrors(prefix: string | undefined): readonly string[] {
  if (prefix === undefined) return [];
  const errors = prefix === '' ? ['must be non-empty'] : subdomainErrors(prefix);
  return errors.map((error) => `prefix part ${error}`);
}

function namePartErrors(name: string): readonly string[] {
  // The real server reports both for an empty name.
  const empty = name === '' ? ['must be non-empty'] : [];
  return [...empty, ...tooLong(name, 63), ...mismatch(name, QUALIFIED_NAME, KEY_RULE, KEY_EXAMPLES)];
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
