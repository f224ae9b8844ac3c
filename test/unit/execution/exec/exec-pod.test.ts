import { describe, expect, it } from 'vitest';
import { targetFor } from '../../cluster/support/kubeconfig.ts';
import { testUpstream } from '../../cluster/support/upstream.ts';
import { podStreams, type PodStreams, type PodStreamsOptions } from '../../support/pod-streams.ts';
import { testGateway, type TestGateway } from '../../support/test-gateway.ts';

const POD = '/api/v1/namespaces/a/pods/p';
const SUCCESS = { metadata: {}, status: 'Success' };

interface Pods extends TestGateway {
  readonly streams: PodStreams;
  /** The answer to a mutation of one `execPod`. */
  readonly exec: (args: string) => Promise<{ readonly data: unknown; readonly errors?: readonly unknown[] }>;
}

async function pods({
  readOnly = false,
  ...options
}: PodStreamsOptions & { readOnly?: boolean } = {}): Promise<Pods> {
  const streams = await podStreams(options);
  const exec = testUpstream({ target: targetFor(streams.origin), readOnly });
  const gateway = await testGateway('kubeconfig', { exec });
  gateway.stub.on('GET', POD, { body: { kind: 'Pod', metadata: { name: 'p' } } });
  return {
    ...gateway,
    streams,
    exec: async (args) => {
      const query = `mutation { execPod(namespace: "a", name: "p", ${args}) { stdout stderr exitCode isTruncated } }`;
      return (await (await gateway.post(query)).json()) as Awaited<ReturnType<Pods['exec']>>;
    },
  };
}

describe('execPod', () => {
  it('answers what the command wrote and how it ended', async () => {
    const { exec, streams } = await pods();
    const answer = exec('command: ["cat", "-"], stdin: "ü"');
    const pod = await streams.next();
    expect([await pod.next(), await pod.next()]).toEqual([
      [0, 'ü'],
      [255, '\0'],
    ]);
    pod.send(1, Buffer.from([...Buffer.from('ok '), 0xff]));
    pod.send(2, 'oh');
    pod.end({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '2' }] },
    });
    expect(await answer).toEqual({
      data: { execPod: { stdout: 'ok \ufffd', stderr: 'oh', exitCode: 2, isTruncated: false } },
    });
  });

  it.each([
    ['the one that is named', 'container: "b", ', 'a', 'b'],
    ['else the one that the pod names as its default', '', 'b', 'b'],
    ['else the first', '', undefined, 'a'],
  ])('runs in %s', async (_, argument, annotated, expected) => {
    const { exec, streams, stub } = await pods();
    const spec = { containers: [{ name: 'a' }, { name: 'b' }] };
    const annotations = annotated && { 'kubectl.kubernetes.io/default-container': annotated };
    stub.on('GET', POD, { body: { kind: 'Pod', metadata: { name: 'p', annotations }, spec } });
    const answer = exec(`${argument}command: ["true"]`);
    const pod = await streams.next();
    expect(pod.url.searchParams.get('container')).toBe(expected);
    pod.end(SUCCESS);
    expect((await answer).errors).toBeUndefined();
  });

  it('runs for those who may not read pods', async () => {
    const { exec, streams, stub } = await pods();
    stub.on('GET', POD, {
      status: 403,
      body: { kind: 'Status', reason: 'Forbidden', code: 403, message: 'no' },
    });
    const answer = exec('command: ["true"]');
    (await streams.next()).end(SUCCESS);
    expect((await answer).errors).toBeUndefined();
  });

  it('runs one command after the other, in the order of the document', async () => {
    const { post, streams } = await pods();
    const answer = post(`mutation {
      b: execPod(namespace: "a", name: "p", command: ["one"]) { exitCode }
      a: execPod(namespace: "a", name: "p", command: ["two"]) { exitCode } }`);
    const first = await streams.next();
    expect([first.url.searchParams.get('command'), streams.requests.length]).toEqual(['one', 1]);
    first.end(SUCCESS);
    const second = await streams.next();
    expect(second.url.searchParams.get('command')).toBe('two');
    second.end(SUCCESS);
    expect(await (await answer).text()).toBe('{"data":{"b":{"exitCode":0},"a":{"exitCode":0}}}');
  });

  it('is logged once, without what went in and came out', async () => {
    const { exec, streams, log } = await pods();
    const answer = exec('command: ["cat"], stdin: "canary"');
    const pod = await streams.next();
    pod.send(1, 'canary');
    pod.end(SUCCESS);
    await answer;
    expect(log).toEqual([
      {
        message: 'a command runs in a container',
        who: 'kubeconfig',
        namespace: 'a',
        pod: 'p',
        container: undefined,
        command: '["cat"]',
      },
    ]);
  });

  it('fails as the API server refuses, with the field null', async () => {
    const body = JSON.stringify({
      kind: 'Status',
      reason: 'Forbidden',
      code: 403,
      message: 'pods "p" is forbidden: ',
    });
    const { exec, log } = await pods({ refusal: { status: 403, body } });
    expect(await exec('command: ["true"]')).toMatchObject({
      data: { execPod: null },
      errors: [{ message: 'pods "p" is forbidden: ', path: ['execPod'], extensions: { code: 'FORBIDDEN' } }],
    });
    expect(log).toEqual([]);
  });

  it('is refused by a gateway that runs read-only', async () => {
    const { exec, streams } = await pods({ readOnly: true });
    expect((await exec('command: ["true"]')).errors).toMatchObject([{ extensions: { code: 'READ_ONLY' } }]);
    expect(streams.requests).toEqual([]);
  });

  it.each([
    'command: []',
    'command: [""]',
    'command: ["true"], timeoutSeconds: 0',
    'command: ["true"], timeoutSeconds: 301',
  ])('is refused before anything is sent where it cannot be meant: %s', async (args) => {
    const { exec, streams, stub } = await pods();
    expect((await exec(args)).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect([streams.requests, stub.calls]).toEqual([[], []]);
  });
});
