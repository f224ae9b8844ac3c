import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Lazy } from '../util/lazy.ts';
import type { KeptCompressed } from './kept-compressed.ts';

const compress = promisify(gzip);

/** A file before anybody has said how long it may be kept. */
export type GraphiqlFile = Pick<KeptCompressed, 'gzip' | 'length' | 'tag' | 'contentType'>;

/** What GraphiQL's page loads, by the names in its URLs. */
export type GraphiqlFiles = Readonly<
  Record<'script' | 'style' | 'icon' | 'editor-worker' | 'json-worker' | 'graphql-worker', GraphiqlFile>
>;

/** GraphiQL without anything from other hosts: 9 MB, loaded and compressed once when the first browser comes. */
export const graphiqlFiles = new Lazy(load);

async function load(): Promise<GraphiqlFiles> {
  const parts = await import('@graphql-yoga/render-graphiql/graphiql');
  const [script, style, icon, editorWorker, jsonWorker, graphqlWorker] = await Promise.all([
    fileOf(`${SETTINGS_SCRIPT}\n${parts.js}\n${START_SCRIPT}`, JAVASCRIPT),
    fileOf(parts.css, 'text/css; charset=utf-8'),
    fileOf(Buffer.from(parts.favicon.replace(/^.*;base64,/, ''), 'base64'), 'image/x-icon'),
    fileOf(parts.editorWorkerService, JAVASCRIPT),
    fileOf(parts.jsonWorker, JAVASCRIPT),
    fileOf(parts.graphqlWorker, JAVASCRIPT),
  ]);
  return {
    script,
    style,
    icon,
    'editor-worker': editorWorker,
    'json-worker': jsonWorker,
    'graphql-worker': graphqlWorker,
  };
}

const JAVASCRIPT = 'text/javascript; charset=utf-8';

async function fileOf(content: string | Buffer, contentType: string): Promise<GraphiqlFile> {
  const bytes = Buffer.from(content);
  const zipped = await compress(bytes, { chunkSize: OUTPUT_BYTES });
  const tag = createHash('sha256').update(zipped).digest('base64url').slice(0, 22);
  return { gzip: [zipped], length: bytes.length, tag, contentType };
}

/** What zlib makes at once, in bytes. */
const OUTPUT_BYTES = 256 * 1024;

/** What differs from page to page is data in it, as `PageSettings`: the script is the same for all, and none stands in a page. */
const SETTINGS_SCRIPT = `
self.kubegraphSettings = JSON.parse(document.getElementById('settings').textContent);
self.MonacoEnvironment = { globalAPI: false, getWorkerUrl: (_, label) => self.kubegraphSettings.workers[label] };
`;

const START_SCRIPT = `
YogaGraphiQL.renderYogaGraphiQL(document.getElementById('root'), self.kubegraphSettings.options);
`;
