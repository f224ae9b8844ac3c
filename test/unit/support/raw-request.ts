import { request as httpRequest } from 'node:http';
import { gunzipSync } from 'node:zlib';

export interface RawAnswer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

interface RawRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request whose answer is left as it comes, and that has only these headers: fetch would inflate it, and asks for gzip. */
export function rawRequest(
  url: string,
  { method = 'GET', headers = {} }: RawRequest = {},
  body?: string,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(url, { method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** A document as a POST, or in the URL of a GET. Takes JSON, unless the headers say otherwise. */
export function rawQuery(
  url: string,
  query: string,
  { method = 'POST', headers = {} }: RawRequest = {},
): Promise<RawAnswer> {
  const accepting = { accept: 'application/json', ...headers };
  if (method === 'GET')
    return rawRequest(`${url}?query=${encodeURIComponent(query)}`, { headers: accepting });
  const json = { 'content-type': 'application/json', ...accepting };
  return rawRequest(url, { method, headers: json }, JSON.stringify({ query }));
}

/** The text of a body, however it is encoded. */
export function textOf({ headers, body }: RawAnswer): string {
  return (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8');
}
