import { describe, expect, it } from 'vitest';
import { startGateway } from './support/gateway.ts';
import { openPodLog } from './support/pod-log.ts';
import { atEnd } from './support/at-end.ts';
import { runPods } from './support/run-pods.ts';
import { openSuite } from './support/suite.ts';

const { cluster, kubectl, gateway, namespace } = await openSuite();
const log = await openPodLog(cluster.podLog);
const shared = await startGateway({ kubeconfig: cluster.kubeconfig, mode: 'passthrough' });
atEnd(() => shared.close());

await runPods(
  kubectl,
  namespace,
  { name: 'one', containers: ['main'] },
  { name: 'two', containers: ['a', 'b'], byDefault: 'b' },
  { name: 'three', containers: ['a', 'b'] },
);
await log.append('first', `${namespace} second`, '', '  "third" \\ ünï\r', `${namespace} last`);

function download(name: string, query = '', { url } = gateway, token?: string): Promise<Response> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return fetch(new URL(`/logs/${namespace}/${name}${query}`, url), { headers });
}

const printed = (...args: readonly string[]) => kubectl.run(['logs', '-n', namespace, ...args]);

describe('a log that is downloaded', () => {
  it.each([
    ['one', '', []],
    ['one', '?tailLines=2&timestamps=true', ['--tail=2', '--timestamps']],
    ['one', '?tailLines=0', ['--tail=0']],
    ['one', '?limitBytes=30', ['--limit-bytes=30']],
    ['one', '?previous=true', ['--previous']],
    [
      'one',
      '?sinceTime=2020-01-01T00:00:00Z&container=main',
      ['--since-time=2020-01-01T00:00:00Z', '-c', 'main'],
    ],
    ['two', '', []],
    ['two', '?container=a', ['-c', 'a']],
  ])('of %s, with "%s", is what kubectl prints with %j', async (name, query, args) => {
    const answer = await download(name, query);
    expect([answer.status, await answer.text()]).toEqual([200, await printed(name, ...args)]);
  });

  it.each([
    ['two', 'two_b.log'],
    ['three', 'three_a.log'],
  ])('of %s is named after the container that is read, which kubectl would read', async (name, file) => {
    const answer = await download(name, '?tailLines=0');
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${file}"`);
  });

  it('has the lines that are looked for', async () => {
    const answer = await download('one', `?grep=%5E${namespace}`);
    expect(await answer.text()).toBe(`${namespace} second\n${namespace} last\n`);
  });

  it('has what is written while it is followed', async () => {
    const { body } = await download('one', '?follow=true&tailLines=1');
    if (body === null) throw new Error('there is no body');
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      if (text === `${namespace} last\n`) await log.append(`${namespace} more`);
      if (text.endsWith('more\n')) break;
    }
    expect(text).toBe(`${namespace} last\n${namespace} more\n`);
  });

  it('may be large', async () => {
    for (let batch = 0; batch < 20; batch += 1)
      await log.append(
        ...Array.from({ length: 5_000 }, (_, nth) => `${namespace} ${batch} ${nth} ${'x'.repeat(40)}`),
      );
    const text = await (await download('one')).text();
    expect(text.length).toBeGreaterThan(6_000_000);
    // A difference of megabytes is not to be printed.
    expect(text === (await printed('one'))).toBe(true);
  });
});

describe('a log that cannot be downloaded', () => {
  it.each([
    ['none', '', 404, 'NOT_FOUND', 'pods "none" not found'],
    ['one', '?container=other', 400, 'BAD_REQUEST', 'container other is not valid for pod one'],
  ])('is refused with what the API server says: %s%s', async (name, query, status, code, message) => {
    const answer = await download(name, query);
    expect([answer.status, await answer.json()]).toMatchObject([
      status,
      { errors: [{ message, extensions: { code } }] },
    ]);
  });

  it('is one that the caller may not read', async () => {
    const [refused, read] = await Promise.all([
      download('one', '?container=main', shared, cluster.viewerToken),
      download('one', '?tailLines=1', shared, cluster.adminToken),
    ]);
    expect([read.status, refused.status]).toEqual([200, 403]);
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  });
});
