import { expect, it } from 'vitest';
import { loggedPod } from '../../logs/support/logged-pod.ts';
import { statusReply } from '../../support/stub-reply.ts';
import { codesOf, testEngine, type TestEngine } from '../../support/test-engine.ts';

const POD = '/api/v1/namespaces/a/pods/x';
const TIME = '2026-01-01T00:00:01.000000001Z';

async function engineWith(body: string | Buffer): Promise<TestEngine> {
  const engine = await testEngine();
  engine.stub.on('GET', `${POD}/log`, { body, contentType: 'text/plain' });
  engine.stub.on('GET', POD, { body: loggedPod('x', { containers: { main: 'running' } }) });
  return engine;
}

it('are lines with their times, as the container has written them', async () => {
  const { run, stub } = await engineWith(`${TIME} one\n${TIME} "two" \\\nand what the node says\n`);
  const { data } = await run(
    '{ podLogs(namespace: "a", name: "x") { pod container timestamp line isTruncated isReplaced __typename } }',
  );
  const line = { pod: 'x', container: 'main', isTruncated: false, isReplaced: false, __typename: 'LogLine' };
  expect(data?.['podLogs']).toEqual([
    { ...line, timestamp: TIME, line: 'one' },
    { ...line, timestamp: TIME, line: '"two" \\' },
    { ...line, timestamp: null, line: 'and what the node says' },
  ]);
  expect(stub.calls.at(-1)).toBe(`GET ${POD}/log?container=main&timestamps=true`);
});

it('are asked for as the arguments say, of the container that is named', async () => {
  const { run, stub } = await engineWith('');
  const { data } = await run(
    `{ podLogs(namespace: "a", name: "x", container: "c", previous: true, tailLines: 5, limitBytes: 9, sinceSeconds: 3) { line } }`,
  );
  expect(data).toEqual({ podLogs: [] });
  expect(stub.calls).toEqual([
    `GET ${POD}/log?container=c&previous=true&sinceSeconds=3&tailLines=5&limitBytes=9&timestamps=true`,
  ]);
});

it('say what was no UTF-8, and what was cut', async () => {
  const body = Buffer.concat([Buffer.from(`${TIME} a`), Buffer.from([0xff]), Buffer.from(`\n${TIME} cut`)]);
  const { run } = await engineWith(body);
  const { data } = await run(
    '{ podLogs(namespace: "a", name: "x", limitBytes: 70) { line isReplaced isTruncated } }',
  );
  expect(data?.['podLogs']).toEqual([
    { line: 'a\uFFFD', isReplaced: true, isTruncated: false },
    { line: 'cut', isReplaced: false, isTruncated: true },
  ]);
});

it('are those that a pattern finds something in', async () => {
  const { run } = await engineWith(`${TIME} an error\n${TIME} well\n${TIME} ERROR\n`);
  const { data } = await run('{ podLogs(namespace: "a", name: "x", grep: "(?i)error") { line } }');
  expect(data?.['podLogs']).toEqual([{ line: 'an error' }, { line: 'ERROR' }]);
});

it.each([
  ['lines', `${TIME} x\n`.repeat(10_001)],
  ['bytes', `${TIME} ${'x'.repeat(1024 * 1024 - 100)}\n`.repeat(17)],
])('are refused where there are too many %s for one answer', async (_, body) => {
  const { run } = await engineWith(body);
  expect(codesOf(await run('{ podLogs(namespace: "a", name: "x") { line } }'))).toEqual(['LIST_TOO_LARGE']);
});

it('count after the pattern', async () => {
  const { run } = await engineWith(`${`${TIME} x\n`.repeat(20_000)}${TIME} y\n`);
  const { data } = await run('{ podLogs(namespace: "a", name: "x", grep: "y") { line } }');
  expect(data?.['podLogs']).toEqual([{ line: 'y' }]);
});

it('can be read by whoever may not read the pod', async () => {
  const { run, stub } = await engineWith(`${TIME} one\n`);
  stub.on('GET', POD, statusReply(403, 'Forbidden', 'pods "x" is forbidden'));
  const { data } = await run('{ podLogs(namespace: "a", name: "x") { container line } }');
  expect(data?.['podLogs']).toEqual([{ container: null, line: 'one' }]);
});

it('fail with the words of the API server', async () => {
  const { run, stub } = await engineWith('');
  stub.on('GET', `${POD}/log`, statusReply(400, 'BadRequest', 'container c is not valid for pod x'));
  const answer = await run('{ podLogs(namespace: "a", name: "x", container: "c") { line } }');
  expect(answer.errors[0]).toMatchObject({
    message: 'container c is not valid for pod x',
    path: ['podLogs'],
    extensions: { code: 'BAD_REQUEST' },
  });
});
