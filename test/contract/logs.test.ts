import { describe, expect, it } from 'vitest';
import { at, textAt } from '../real/support/exact-json.ts';
import { admin, type Query } from './support/api.ts';
import { newNamespace } from './support/namespace.ts';
import { container, created, pod, unscheduledPod } from './support/objects.ts';
import { runningPod } from './support/pods.ts';

const namespace = await newNamespace();
const PODS = `/api/v1/namespaces/${namespace}/pods`;
await runningPod(namespace, pod('one'));
await runningPod(
  namespace,
  pod('two', { containers: [container('a'), container('b')], initContainers: [container('first')] }),
);
await created(PODS, unscheduledPod('waiting'));

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d) /;

async function logOf(name: string, query: Query = {}) {
  return admin.get(`${PODS}/${name}/log`, query);
}

describe('a log', () => {
  it('is plain text, line by line', async () => {
    const { status, headers, text } = await logOf('one');
    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/plain/);
    expect(text).toMatch(/^[^{].*\n/);
    expect(text.endsWith('\n')).toBe(true);
  });

  it('may begin near its end', async () => {
    const whole = (await logOf('one')).text.trimEnd().split('\n');
    const { text } = await logOf('one', { tailLines: 1 });
    expect(text).toBe(`${whole.at(-1)}\n`);
    expect((await logOf('one', { tailLines: 0 })).text).toBe('');
  });

  it('may be cut after some bytes', async () => {
    const { text } = await logOf('one');
    expect((await logOf('one', { limitBytes: 5 })).text).toBe(text.slice(0, 5));
  });

  it('has the time in front of every line when asked', async () => {
    const { text } = await logOf('one', { timestamps: true });
    for (const line of text.trimEnd().split('\n')) expect(line).toMatch(TIME);
  });

  it('may begin at a time', async () => {
    expect((await logOf('one', { sinceTime: '2099-01-01T00:00:00Z' })).text).toBe('');
    expect((await logOf('one', { sinceTime: '2001-01-01T00:00:00Z' })).text).toBe((await logOf('one')).text);
  });

  it('is followed until the reader leaves', async () => {
    const answer = await admin.open(`${PODS}/one/log`, { query: { follow: true, tailLines: 1 } });
    expect(answer.status).toBe(200);
    const chunks = answer.body[Symbol.asyncIterator]();
    const first = (await chunks.next()) as IteratorResult<Buffer>;
    expect(String(first.value)).toMatch(/\n$/);
    answer.body.on('error', () => undefined).destroy();
  });

  it('of a pod that has no node yet is no content', async () => {
    const { status, text } = await logOf('waiting');
    expect({ status, text }).toEqual({ status: 204, text: '' });
  });

  it('does not come for Accept: text/plain alone', async () => {
    expect((await admin.get(`${PODS}/one/log`, {}, 'text/plain')).status).toBe(406);
    expect((await admin.get(`${PODS}/one/log`, {}, '*/*')).status).toBe(200);
  });
});

describe('a log that is refused', () => {
  it('because there are several containers', async () => {
    expect((await logOf('two')).json).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'a container name must be specified for pod two, choose one of: [first a b]',
      reason: 'BadRequest',
      code: 400,
    });
    expect((await logOf('two', { container: 'b' })).status).toBe(200);
  });

  it('because there is no such container', async () => {
    const { status, json } = await logOf('one', { container: 'zz' });
    expect({ status, message: at(json, 'message') }).toEqual({
      status: 400,
      message: 'container zz is not valid for pod one',
    });
  });

  it('because there is no such pod', async () => {
    expect(await logOf('missing')).toMatchObject({
      status: 404,
      json: { message: 'pods "missing" not found', details: { name: 'missing', kind: 'pods' } },
    });
  });

  it.each<[string, Query, string]>([
    ['two beginnings', { sinceSeconds: 1, sinceTime: '2026-01-01T00:00:00Z' }, 'at most one of'],
    ['no seconds', { sinceSeconds: 0 }, 'sinceSeconds'],
    ['less than no lines', { tailLines: -1 }, 'tailLines'],
    ['no bytes', { limitBytes: 0 }, 'limitBytes'],
    ['a choice of stream', { stream: 'Stdout' }, 'may not be specified'],
  ])('because of %s', async (_, query, message) => {
    const { status, json } = await logOf('one', query);
    expect({ status, reason: at(json, 'reason') }).toEqual({ status: 422, reason: 'Invalid' });
    expect(textAt(json, 'message')).toContain(message);
  });
});
