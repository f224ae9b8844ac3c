import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type TestDirectory, testDirectory } from '../../cluster/support/directory.ts';
import { rawRequest } from '../../support/raw-request.ts';
import { recordedProxy, type RecordedProxy } from './support/recorded-proxy.ts';

/** A proxy that serves the folder `www` of a directory, beside which there is a secret. */
async function servingFiles(
  prefix = '/static/',
  apiPrefix = '/',
): Promise<RecordedProxy & { readonly home: TestDirectory }> {
  const home = testDirectory();
  home.write('www/index.html', '<h1>');
  home.write('www/app/main.js', 'run()');
  home.write('www/app/a b.css', 'b{}');
  home.write('www/empty.txt', '');
  home.write('secret.txt', 'secret');
  home.write('www-2/secret.txt', 'secret');
  symlinkSync('../secret.txt', home.at('www/out.txt'));
  symlinkSync('../www-2', home.at('www/out'));
  symlinkSync('app/main.js', home.at('www/in.js'));
  symlinkSync('loop', home.at('www/loop'));
  mkdirSync(home.at('www/folder'));
  execFileSync('sh', ['-c', 'mkfifo "$0"', home.at('www/pipe')]);
  return { home, ...(await recordedProxy({ files: { directory: home.at('www'), prefix }, apiPrefix })) };
}

describe('a file below --www', () => {
  it.each([
    ['/static/app/main.js', 'text/javascript; charset=utf-8', 'run()'],
    ['/static/app/main.js?v=1', 'text/javascript; charset=utf-8', 'run()'],
    ['/static/app/a%20b.css', 'text/css; charset=utf-8', 'b{}'],
    ['/static/', 'text/html; charset=utf-8', '<h1>'],
    ['/static/in.js', 'text/javascript; charset=utf-8', 'run()'],
    ['/static/empty.txt', 'text/plain; charset=utf-8', ''],
  ])('%s is served as %s', async (path, type, text) => {
    const { url, api } = await servingFiles();
    const { status, headers, body } = await rawRequest(url + path);
    expect([status, headers['content-type'], body.toString()]).toEqual([200, type, text]);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(api.recorded).toEqual([]);
  });

  it('is described to a HEAD, and written by nobody', async () => {
    const { url } = await servingFiles();
    const head = await rawRequest(`${url}/static/app/main.js`, { method: 'HEAD' });
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([200, '5', 0]);
    expect((await rawRequest(`${url}/static/app/main.js`, { method: 'PUT' }, 'x')).status).toBe(405);
  });
});

it.each([
  '/static/../secret.txt',
  '/static/%2e%2e/secret.txt',
  '/static/..%2fsecret.txt',
  '/static/app/../../secret.txt',
  '/static/..%5csecret.txt',
  '/static/out.txt',
  '/static/out/secret.txt',
  '/static/loop',
  '/static/pipe',
  '/static/folder',
  '/static/folder/',
  '/static/app',
  '/static//app/main.js',
  '/static/app//main.js',
  '/static/app/main.js/',
  '/static/app/main.js%00',
  '/static/%zz',
  '/static/%ff',
  '/static/nothing',
])('%s is no file', async (path) => {
  const { send, api } = await servingFiles();
  const answer = await send(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 404 /);
  expect(answer).not.toMatch(/\r\n\r\nsecret/);
  expect(api.recorded).toEqual([]);
});

it('files and the API stand beside each other, and the longer prefix wins', async () => {
  const { url, api } = await servingFiles('/', '/k8s/');
  expect((await rawRequest(`${url}/app/main.js`)).body.toString()).toBe('run()');
  expect((await rawRequest(`${url}/k8s/api`)).body.toString()).toBe('{}');
  expect(api.recorded.map(({ line }) => line)).toEqual(['GET /api']);
});
