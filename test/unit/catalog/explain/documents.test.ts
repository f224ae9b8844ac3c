import { describe, expect, it } from 'vitest';
import { ExplainDocuments } from '../../../../src/catalog/explain/documents.ts';
import { bearerIdentity, KUBECONFIG_IDENTITY } from '../../../../src/cluster/identity.ts';
import { stubUpstream } from '../../support/test-engine.ts';

const CORE = { group: '', version: 'v1' };

async function documents() {
  const { stub, upstream } = await stubUpstream();
  return { stub, documents: new ExplainDocuments(upstream) };
}

describe('whole OpenAPI documents', () => {
  it('come once, and are then only asked whether they have changed', async () => {
    const { stub, documents: of } = await documents();
    const bodies: boolean[] = [];
    let etag = '"1"';
    stub.on('GET', '/openapi/v3/api/v1', ({ headers }) => {
      const isKnown = headers['if-none-match'] === etag;
      bodies.push(!isKnown);
      const schemas = { [`of ${etag}`]: {} };
      return isKnown
        ? { status: 304, body: '', headers: { etag } }
        : { body: { components: { schemas } }, headers: { etag } };
    });
    const first = await of.schemas(KUBECONFIG_IDENTITY, CORE);
    expect(await of.schemas(KUBECONFIG_IDENTITY, CORE)).toBe(first);
    etag = '"2"';
    expect(await of.schemas(KUBECONFIG_IDENTITY, CORE)).toEqual({ 'of "2"': {} });
    expect(bodies).toEqual([true, false, true]);
  });

  it('are fetched for each identity with its own credentials', async () => {
    const { stub, documents: of } = await documents();
    stub.on('GET', '/openapi/v3/api/v1', {
      body: { components: { schemas: { a: {} } } },
      headers: { etag: '"1"' },
    });
    await of.schemas(KUBECONFIG_IDENTITY, CORE);
    stub.on('GET', '/openapi/v3/api/v1', { status: 403, body: 'no', contentType: 'text/plain' });
    const denied = of.schemas(bearerIdentity('other'), CORE);
    await expect(denied).rejects.toThrow();
    await expect(of.schemas(KUBECONFIG_IDENTITY, CORE)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('that the API server does not have are undefined', async () => {
    const { documents: of } = await documents();
    expect(
      await of.schemas(KUBECONFIG_IDENTITY, { group: 'gone.example.com', version: 'v1' }),
    ).toBeUndefined();
  });

  it('are asked for once by those who ask at the same time', async () => {
    const { stub, documents: of } = await documents();
    await Promise.all([1, 2, 3].map(() => of.schemas(KUBECONFIG_IDENTITY, CORE)));
    expect(stub.documents).toEqual(['api/v1']);
  });
});
