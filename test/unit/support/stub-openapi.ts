import { createHash } from 'node:crypto';
import { PAGE_NOT_FOUND, type StubReply } from './stub-reply.ts';
import { stubBasePath, type StubGroupVersion } from './stub-resources.ts';

/** The OpenAPI v3 documents of a cluster, under the hashes of their texts. */
export class StubOpenApi {
  /** Hashes that the index still names although the document has changed, by path (`api/v1`). */
  readonly outdated = new Map<string, string>();
  /** False for servers before 1.24. */
  isServed = true;

  /** Undefined for paths that are not of OpenAPI. */
  answer(
    cluster: readonly StubGroupVersion[],
    path: string,
    query: Readonly<Record<string, string>>,
  ): StubReply | undefined {
    if (path !== '/openapi/v3' && !path.startsWith('/openapi/v3/')) return undefined;
    if (!this.isServed) return PAGE_NOT_FOUND;
    const documents = documentsOf(cluster);
    if (path === '/openapi/v3') return this.#index(documents);
    const key = path.slice('/openapi/v3/'.length);
    const text = documents.get(key);
    if (text === undefined) return { status: 404, body: '' };
    const hash = hashOf(text);
    const asked = query['hash'];
    if (asked === undefined || asked === hash) return { body: text, headers: { etag: `"${hash}"` } };
    return { status: 301, body: '', headers: { location: `${path}?hash=${hash}` } };
  }

  #index(documents: ReadonlyMap<string, string>): StubReply {
    const entries = [...documents].map(([key, text]) => {
      const hash = this.outdated.get(key) ?? hashOf(text);
      return [key, { serverRelativeURL: `/openapi/v3/${key}?hash=${hash}` }] as const;
    });
    const others = ['api', 'apis', 'version'].map(
      (key) => [key, { serverRelativeURL: `/openapi/v3/${key}?hash=AA` }] as const,
    );
    // The aggregator sets no content type, and Go takes the text for plain text.
    const contentType = 'text/plain; charset=utf-8';
    return { contentType, body: JSON.stringify({ paths: Object.fromEntries([...others, ...entries]) }) };
  }
}

function documentsOf(cluster: readonly StubGroupVersion[]): ReadonlyMap<string, string> {
  return new Map(
    cluster.flatMap((of) =>
      of.openApi === undefined || of.stale === true ? [] : [[stubBasePath(of).slice(1), of.openApi] as const],
    ),
  );
}

function hashOf(text: string): string {
  return createHash('sha512').update(text).digest('hex').toUpperCase();
}
