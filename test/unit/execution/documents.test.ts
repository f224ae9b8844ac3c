import { createHash } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import { KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import type { DocumentRequest } from '../../../src/execution/document-name.ts';
import { Documents } from '../../../src/execution/documents.ts';
import { unparsableDocuments } from '../../../src/execution/unparsable.ts';

function byHash(query: string): DocumentRequest {
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  return { extensions: { persistedQuery: { version: 1, sha256Hash } } };
}

/** The text that a request asks for, or why there is none. */
function found(documents: Documents, request: DocumentRequest): string {
  try {
    return documents.find(request, KUBECONFIG_IDENTITY).text;
  } catch (error) {
    return error instanceof GraphQLError
      ? `${String(error.extensions['code'])}: ${error.message}`
      : 'a defect';
  }
}

/** Has documents remember a text of so many characters. */
function register(documents: Documents, label: string, length: number): DocumentRequest {
  const query = `{ ${label} } #${'x'.repeat(length)}`;
  documents.find({ ...byHash(query), query }, KUBECONFIG_IDENTITY).planned([]);
  return byHash(query);
}

describe('documents', () => {
  it('that came with their hash are forgotten when there are too many bytes of them', () => {
    const documents = new Documents();
    const old = register(documents, 'old', 1_000_000);
    const requests = [1, 2, 3].map((index) => register(documents, `new${index}`, 1_000_000));
    expect(found(documents, old)).toMatch(/^\{ old \}/);
    // The old one has just been asked for: the first of the others goes.
    register(documents, 'last', 1_000_000);
    expect([old, ...requests].map((request) => found(documents, request).slice(0, 10))).toEqual([
      expect.stringMatching(/^\{ old/),
      'PERSISTED_',
      expect.stringMatching(/^\{ new2/),
      expect.stringMatching(/^\{ new3/),
    ]);
  });

  it('of any number, however small, do not take more than their share', () => {
    const documents = new Documents();
    const first = register(documents, 'first', 0);
    for (let index = 0; index < 25_000; index++) register(documents, `x${index}`, 0);
    expect(found(documents, first)).toBe('PERSISTED_QUERY_NOT_FOUND: PersistedQueryNotFound');
  });

  it('have one name', () => {
    const documents = new Documents({ trusted: { texts: new Map([['a', '{ a }']]), only: false } });
    const named = { persistedQuery: { version: 1, sha256Hash: 'a' } };
    expect(found(documents, { documentId: 'a', extensions: named })).toBe('{ a }');
    expect(found(documents, { documentId: 'b', extensions: named })).toMatch(
      /^BAD_USER_INPUT: .* two documents/,
    );
    expect(found(documents, { documentId: 'a', query: '{ b }' })).toMatch(/^BAD_USER_INPUT: the text/);
    expect(found(documents, { documentId: 'a', query: '{ a }' })).toBe('{ a }');
  });

  it.each<[string, DocumentRequest]>([
    ['a number', { documentId: 1 }],
    ['an empty text', { documentId: '' }],
    ['an object', { documentId: {} }],
    ['a hash that is no object', { extensions: { persistedQuery: 'a' } }],
    ['no hash', { extensions: { persistedQuery: { version: 1 } } }],
    ['an empty hash', { extensions: { persistedQuery: { version: 1, sha256Hash: '' } } }],
    ['another version', { extensions: { persistedQuery: { version: 2, sha256Hash: 'a' } } }],
  ])('are not named by %s', (_, request) => {
    expect(found(new Documents(), { query: '{ a }', ...request })).toMatch(/^BAD_USER_INPUT: "/);
  });
});

describe('trusted documents that are not GraphQL', () => {
  const unparsable = (texts: Readonly<Record<string, string>>): string | undefined =>
    unparsableDocuments({ texts: new Map(Object.entries(texts)), only: false });

  it('are named, the first of them', () => {
    expect(unparsable({ good: '{ a }', bad: '{ a', 'sha256:ab': 'x' })).toBe(
      'trusted documents that are not GraphQL: "bad" (Syntax Error: Expected Name, found <EOF>.), "sha256:ab" (Syntax Error: Unexpected Name "x".)',
    );
    const many = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`bad${index}`, '']));
    expect(unparsable(many)).toMatch(/"bad4" \([^"]*, and 3 more$/);
  });

  it('are none where all are', () => {
    expect(unparsable({ good: '{ a }' })).toBeUndefined();
    expect(unparsable({})).toBeUndefined();
  });
});
