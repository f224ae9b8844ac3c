import { describe, expect, it } from 'vitest';
import { demoGateway } from '../examples/support/demo.ts';
import { graphQLClient } from '../real/support/graphql-client.ts';
import { openEditor } from './support/editor.ts';

/** The page is some megabytes of script. */
const SOON = { timeout: 60_000, interval: 100 };

describe('GraphiQL', () => {
  it('shows the answer to a query', async () => {
    const url = await demoGateway();
    const editor = await openEditor(url, '{ node(name: "node-1") { metadata { name } } }');
    await editor.run();
    await expect.poll(editor.result, SOON).toEqual({ data: { node: { metadata: { name: 'node-1' } } } });
  });

  it('shows each event of a subscription as it comes', async () => {
    const url = await demoGateway();
    const editor = await openEditor(
      url,
      'subscription { secrets(namespace: "default", name: "made") { type object { metadata { name } } } }',
    );
    await editor.run();
    await expect.poll(editor.result, SOON).toEqual({ data: { secrets: { type: 'SYNCED', object: null } } });
    const input = '{ metadata: { name: "made" } }';
    await graphQLClient(url).data(`mutation { createSecret(namespace: "default", input: ${input}) { id } }`);
    const object = { metadata: { name: 'made' } };
    await expect.poll(editor.result, SOON).toEqual({ data: { secrets: { type: 'ADDED', object } } });
  });
});
