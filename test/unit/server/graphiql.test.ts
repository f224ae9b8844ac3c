import { describe, expect, it } from 'vitest';
import { graphiql } from '../../../src/server/graphiql.ts';
import { rawRequest, type RawAnswer, textOf } from '../support/raw-request.ts';
import { testGateway } from '../support/test-gateway.ts';

const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const GZIP = { 'accept-encoding': 'gzip, deflate, br' };

/** What a page names: its own URLs, as a browser would ask for them. */
function urlsIn(page: string, of: string): readonly string[] {
  const attributes = [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, url = '']) =>
    url.replaceAll('&amp;', '&'),
  );
  return [...attributes, ...Object.values(settingsIn(page).workers)].map((url) => new URL(url, of).href);
}

function settingsIn(page: string): {
  readonly options: { readonly defaultQuery: string };
  readonly workers: Readonly<Record<string, string>>;
} {
  const json = /<script type="application\/json" id="settings">(.*?)<\/script>/.exec(page)?.[1];
  return JSON.parse(json ?? '') as ReturnType<typeof settingsIn>;
}

/** A browser's visit: the page, and all that it loads. */
async function visit(url: string): Promise<{ page: RawAnswer; urls: readonly string[]; files: RawAnswer[] }> {
  const page = await rawRequest(url, { headers: { ...HTML, ...GZIP } });
  const urls = urlsIn(textOf(page), url);
  return { page, urls, files: await Promise.all(urls.map((each) => rawRequest(each, { headers: GZIP }))) };
}

describe('the editor', () => {
  it('is a page and its files, all of them here, compressed and of their type', async () => {
    const { url } = await testGateway('kubeconfig', { graphiql });
    const { page, files } = await visit(url);
    expect([page, ...files].map(({ status, headers }) => [status, headers['content-type']])).toEqual([
      [200, 'text/html; charset=utf-8'],
      [200, 'image/x-icon'],
      [200, 'text/css; charset=utf-8'],
      [200, 'text/javascript; charset=utf-8'],
      [200, 'text/javascript; charset=utf-8'],
      [200, 'text/javascript; charset=utf-8'],
      [200, 'text/javascript; charset=utf-8'],
    ]);
    const sent = [page, ...files].reduce((sum, { body }) => sum + body.length, 0);
    expect(sent).toBeLessThan(3_000_000);
    expect(settingsIn(textOf(page)).options.defaultQuery).toContain('pods(first: 10)');
    expect(files.map(textOf).some((text) => text.includes('renderYogaGraphiQL'))).toBe(true);
  });

  it('is the same to clients that do not take gzip', async () => {
    const { url } = await testGateway('kubeconfig', { graphiql });
    const { page, urls, files } = await visit(url);
    const plain = await Promise.all([
      rawRequest(url, { headers: HTML }),
      ...urls.map((each) => rawRequest(each)),
    ]);
    for (const [index, answer] of [page, ...files].entries()) {
      expect(plain[index]?.headers['content-encoding']).toBeUndefined();
      expect(Number(plain[index]?.headers['content-length'])).toBe(plain[index]?.body.length);
      expect(plain[index] !== undefined && textOf(plain[index]) === textOf(answer)).toBe(true);
    }
  });

  it('need not be sent again: its files for good, the page when it is still the same', async () => {
    const { url } = await testGateway('kubeconfig', { graphiql });
    const { page, urls, files } = await visit(url);
    expect(page.headers).toMatchObject({
      'cache-control': 'private, no-cache',
      vary: 'Accept, Accept-Encoding',
    });
    for (const { headers } of files) {
      expect(headers).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'Accept-Encoding',
      });
    }
    const again = await Promise.all(
      [url, ...urls].map((each, index) =>
        rawRequest(each, {
          headers: { ...HTML, ...GZIP, 'if-none-match': String([page, ...files][index]?.headers['etag']) },
        }),
      ),
    );
    expect(again.map(({ status, body }) => [status, body.length])).toEqual(again.map(() => [304, 0]));
  });

  it('is not kept under the name of another release', async () => {
    const { url } = await testGateway('kubeconfig', { graphiql });
    const { status, headers } = await rawRequest(`${url}?graphiql=style&tag=other`);
    expect([status, headers['cache-control']]).toEqual([200, 'no-cache']);
  });

  it('lets no other site frame it, and loads nothing from elsewhere', async () => {
    const { url } = await testGateway('kubeconfig', { graphiql });
    const { page, files } = await visit(url);
    for (const { headers } of [page, ...files]) {
      expect(headers['content-security-policy']).toMatch(/^default-src 'self';.*frame-ancestors 'none'$/);
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
    expect(textOf(page)).not.toMatch(/<script(?! defer src="\?| type="application\/json")/);
  });

  it('takes nothing from those who ask for something else', async () => {
    const { url, post } = await testGateway('kubeconfig', { graphiql });
    const query = await rawRequest(`${url}?query={__typename}`, { headers: { accept: '*/*' } });
    expect(textOf(query)).toBe('{"data":{"__typename":"Query"}}');
    const posted = await post('{ __typename }', { accept: 'text/html, */*' });
    expect(await posted.json()).toEqual({ data: { __typename: 'Query' } });
    for (const name of ['constructor', 'other', '']) {
      const { status, headers } = await rawRequest(`${url}?graphiql=${name}`);
      expect([status, headers['content-type']]).toEqual([400, 'application/json; charset=utf-8']);
    }
  });

  it('asks for no token, nor the API server where the caller has none', async () => {
    const { url, stub } = await testGateway('passthrough', { graphiql });
    const { page } = await visit(url);
    expect([page.status, stub.requests]).toEqual([200, []]);
  });
});

it('without an editor browsers are told that there is no query', async () => {
  const { url } = await testGateway();
  expect(await rawRequest(url, { headers: HTML })).toMatchObject({ status: 400 });
});
