const WARNING = /^\s*,?\s*(\d{3}) (\S+) "((?:[^"\\]|\\.)*)"(?:\s+"[^"]*")?\s*(?=,|$)/s;

/**
 * The texts of `Warning: 299 …` headers (RFC 7234, several in one header allowed). Reading ends at the first one in a
 * header that is not well-formed, as in client-go.
 */
export function parseWarnings(headers: string | readonly string[] | undefined): readonly string[] {
  if (headers === undefined) return [];
  return (typeof headers === 'string' ? [headers] : headers).flatMap(parseHeader);
}

function parseHeader(header: string): readonly string[] {
  const texts: string[] = [];
  // Node reads header bytes as Latin-1; Kubernetes writes UTF-8.
  let rest = Buffer.from(header, 'latin1').toString('utf8');
  for (let match = WARNING.exec(rest); match !== null; match = WARNING.exec(rest)) {
    const [whole, code, , quoted = ''] = match;
    const text = quoted.replace(/\\(.)/gs, '$1');
    if (code === '299' && !/\p{Cc}/u.test(text)) texts.push(text);
    rest = rest.slice(whole.length);
  }
  return texts;
}
