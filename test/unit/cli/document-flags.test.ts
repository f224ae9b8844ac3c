import { describe, expect, it } from 'vitest';
import { readDocumentFlags } from '../../../src/cli/document-flags.ts';
import { testDirectory } from '../cluster/support/directory.ts';
import { runCli, startCli } from './run-cli.ts';

// A process takes its time to start.
const SLOW = 60_000;

const MANIFEST = '{"pods":"{ pods { items { metadata { name } } } }"}';
const TEXTS = new Map(Object.entries(JSON.parse(MANIFEST) as Record<string, string>));

/** A folder with a manifest, and a file of settings of this text. */
function folder(settings = '{}', manifest = MANIFEST) {
  const directory = testDirectory();
  return {
    documents: directory.write('documents.json', manifest),
    config: directory.write('kubegraph.yaml', settings),
  };
}

describe('trusted documents', () => {
  it('are none unless a flag or the file of settings says so', () => {
    expect(readDocumentFlags({})).toBeUndefined();
    expect(readDocumentFlags({ config: folder('documentsOnly: false\n').config })).toBeUndefined();
  });

  it('are those of the file that a flag names', () => {
    const { documents } = folder();
    expect(readDocumentFlags({ documents })).toEqual({ texts: TEXTS, only: false });
    expect(readDocumentFlags({ documents, 'documents-only': true })).toEqual({ texts: TEXTS, only: true });
  });

  it('are those of the file that the settings name, from where they are', () => {
    const { config } = folder('documents: ./documents.json\ndocumentsOnly: true\n');
    expect(readDocumentFlags({ config })).toEqual({ texts: TEXTS, only: true });
  });

  it('are those of the flag where both name some', () => {
    const { config, documents } = folder('documents: none.json\n');
    expect(readDocumentFlags({ config, documents })).toEqual({ texts: TEXTS, only: false });
  });

  it.each<[string, string, RegExp]>([
    [
      'a file that there is not',
      'documents: x.json\n',
      /yaml, line 1: documents .*x\.json cannot be read: it does/,
    ],
    ['what is no path', 'documents: [a]\n', /kubegraph\.yaml, line 1: documents is the path of a file/],
    ['what is neither true nor false', 'documentsOnly: 1\n', /line 1: documentsOnly is true or false/],
    ['none that would be the only ones', 'documentsOnly: true\n', /^--documents-only needs --documents$/],
  ])('are not read from %s', (_, settings, message) => {
    expect(() => readDocumentFlags({ config: folder(settings).config })).toThrow(message);
  });

  it('end the start, by name, when they are not GraphQL', async () => {
    const { documents } = folder('{}', '{"good":"{ a }","bad":"{ a"}');
    const { exitCode, stdout, stderr } = await runCli(['demo', '--port', '0', '--documents', documents]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('trusted documents that are not GraphQL: "bad" (Syntax Error');
  });

  it('are all that is executed, without an editor, by --documents-only', { timeout: SLOW }, async () => {
    const { documents } = folder('{}', MANIFEST.replace('{', '{"old":"{ gizmos }",'));
    const cli = startCli(['demo', '--port', '0', '--quiet', '--documents', documents, '--documents-only']);
    const greeting = await cli.greeting();
    expect(greeting).toMatch(/\(trusted documents only\)$/);
    const url = /http:\/\/\S+/.exec(greeting)?.[0] ?? '';
    const answer = await fetch(`${url}?documentId=pods`);
    expect(await answer.json()).toHaveProperty('data.pods.items.0.metadata.name');
    const editor = await fetch(url, { headers: { accept: 'text/html' } });
    expect([editor.status, editor.headers.get('content-type') ?? '']).toEqual([
      406,
      expect.not.stringContaining('html'),
    ]);
    await editor.body?.cancel();
    const { exitCode, stderr } = await cli.stop('SIGTERM');
    expect(exitCode).toBe(0);
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringContaining('the trusted document \\"old\\" does not fit the schema'),
    ]);
  });
});
