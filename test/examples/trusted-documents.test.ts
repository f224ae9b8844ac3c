import { expect, it } from 'vitest';
import { codegenProject } from './support/codegen-project.ts';
import { demoGateway } from './support/demo.ts';

/** The example with the changes of docs/guides/trusted-documents.md. */
function namingProject() {
  const text = 'document.toString()';
  const name = "document.__meta__?.['hash']";
  return codegenProject()
    .changed(
      'codegen.ts',
      'presetConfig: { fragmentMasking: false }',
      "presetConfig: { fragmentMasking: false, persistedDocuments: { mode: 'replaceDocumentWithHash' } }",
    )
    .changed('src/client.ts', text, name)
    .changed('src/client.ts', text, name)
    .changed(
      'src/client.ts',
      'JSON.stringify({ query, variables })',
      'JSON.stringify({ documentId: query, variables })',
    );
}

it('the example answers by the names of its documents where nothing else is executed', async () => {
  const project = namingProject();
  await project.run('generate');
  await project.run('build');
  const manifest = project.at('src/graphql/persisted-documents.json');
  const url = await demoGateway('--documents', manifest, '--documents-only');
  const output = await project.run('start', url);
  expect(output.trimEnd().split('\n')).toEqual(
    expect.arrayContaining(['api 3/3 cpu 0.1', 'web now wants 4', "ADDED { theme: 'dark' }"]),
  );
  const refused = await fetch(`${url}?query={__typename}`);
  expect([refused.status, await refused.text()]).toEqual([
    403,
    expect.stringContaining('DOCUMENT_NOT_TRUSTED'),
  ]);
});
