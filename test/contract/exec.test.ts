import { describe, expect, it } from 'vitest';
import { at, parseExact } from '../real/support/exact-json.ts';
import { admin, viewer } from './support/api.ts';
import { exec } from './support/exec.ts';
import { newNamespace } from './support/namespace.ts';
import { created, pod, unscheduledPod } from './support/objects.ts';
import { runningPod } from './support/pods.ts';

const namespace = await newNamespace();
const PODS = `/api/v1/namespaces/${namespace}/pods`;
await runningPod(namespace, pod('one'));
await created(PODS, unscheduledPod('waiting'));
const ECHO = { command: ['echo', 'hi'], stdout: true, stderr: true };

describe('exec', () => {
  it('runs a command, with its output and its end on channels of their own', async () => {
    const { protocol, text, status, code } = await exec(`${PODS}/one/exec`, ECHO);
    expect(protocol).toBe('v5.channel.k8s.io');
    expect(text(1)).toBe('hi\n');
    expect(text(2)).toBe('');
    expect(parseExact(status)).toEqual({ metadata: {}, status: 'Success' });
    expect(code).toBe(1000);
  });

  it('takes v5 whenever it is offered', async () => {
    const { protocol } = await exec(`${PODS}/one/exec`, ECHO, ['v4.channel.k8s.io', 'v5.channel.k8s.io']);
    expect(protocol).toBe('v5.channel.k8s.io');
  });

  it('speaks v4 too', async () => {
    const { protocol, text, status } = await exec(`${PODS}/one/exec`, ECHO, ['v4.channel.k8s.io']);
    expect(protocol).toBe('v4.channel.k8s.io');
    expect(text(1)).toBe('hi\n');
    expect(at(parseExact(status), 'status')).toBe('Success');
  });

  it('begins with an empty frame', async () => {
    const { frames } = await exec(`${PODS}/one/exec`, ECHO);
    expect([...(frames[0] ?? [])]).toEqual([1]);
  });

  it('needs at least one stream', async () => {
    const { status } = await exec(`${PODS}/one/exec`, { command: ['echo', 'hi'] });
    expect(at(parseExact(status), 'status')).toBe('Failure');
    expect(status).toContain('you must specify at least 1 of stdin, stdout, stderr');
  });
});

describe('exec that is refused', () => {
  it('because it is no upgrade', async () => {
    const answer = await admin.get(`${PODS}/one/exec`, { command: 'echo', stdout: true });
    expect(answer).toMatchObject({
      status: 400,
      json: { reason: 'BadRequest', message: 'Upgrade request required' },
    });
  });

  it.each([
    ['no such pod', 'missing', {}, 404, 'pods "missing" not found'],
    ['no node', 'waiting', {}, 400, 'pod waiting does not have a host assigned'],
    ['no such container', 'one', { container: 'zz' }, 400, 'container zz is not valid for pod one'],
  ])('because of %s', async (_, name, options, status, message) => {
    const refused = await exec(`${PODS}/${name}/exec`, { ...ECHO, ...options }).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ status, message });
  });

  it('because the user may not', async () => {
    const { status, json } = await viewer.get(`${PODS}/one/exec`, { command: 'echo', stdout: true });
    expect({ status, reason: at(json, 'reason') }).toEqual({ status: 403, reason: 'Forbidden' });
  });
});
