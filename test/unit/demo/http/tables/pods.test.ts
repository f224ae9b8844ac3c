import { describe, expect, test } from 'vitest';
import { tableRow } from '../../../../../demo/http/tables/table.ts';
import { cells, META, NOW, type Fields } from './support.ts';

describe('the status of a pod is the most telling word there is', () => {
  const running = { name: 'a', ready: true, restartCount: 0, state: { running: {} } };
  const waiting = (reason: string) => ({ ...running, ready: false, state: { waiting: { reason } } });
  const ended = (terminated: Fields) => ({ ...running, ready: false, state: { terminated } });

  test.each<[string, Fields]>([
    ['Pending', { status: { phase: 'Pending' } }],
    ['Running', { status: { phase: 'Running', containerStatuses: [running] } }],
    ['CrashLoopBackOff', { status: { phase: 'Running', containerStatuses: [waiting('CrashLoopBackOff')] } }],
    [
      'Completed',
      { status: { phase: 'Succeeded', containerStatuses: [ended({ exitCode: 0, reason: 'Completed' })] } },
    ],
    ['ExitCode:2', { status: { phase: 'Failed', containerStatuses: [ended({ exitCode: 2 })] } }],
    ['Signal:9', { status: { phase: 'Failed', containerStatuses: [ended({ exitCode: 137, signal: 9 })] } }],
    ['Evicted', { status: { phase: 'Failed', reason: 'Evicted' } }],
    [
      'Terminating',
      {
        metadata: { ...META, deletionTimestamp: 't' },
        status: { phase: 'Running', containerStatuses: [running] },
      },
    ],
    [
      'Unknown',
      { metadata: { ...META, deletionTimestamp: 't' }, status: { phase: 'Running', reason: 'NodeLost' } },
    ],
    [
      'SchedulingGated',
      { status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', reason: 'SchedulingGated' }] } },
    ],
    [
      'NotReady',
      {
        status: {
          phase: 'Running',
          containerStatuses: [running, ended({ exitCode: 0, reason: 'Completed' })],
        },
      },
    ],
    [
      'Init:1/2',
      {
        spec: { initContainers: [{ name: 'i' }, { name: 'j' }] },
        status: {
          phase: 'Pending',
          initContainerStatuses: [ended({ exitCode: 0 }), { name: 'j', state: { running: {} } }],
          containerStatuses: [waiting('PodInitializing')],
        },
      },
    ],
    [
      'Init:ErrImagePull',
      {
        spec: { initContainers: [{ name: 'i' }] },
        status: { initContainerStatuses: [waiting('ErrImagePull')] },
      },
    ],
    [
      'Init:Error',
      {
        spec: { initContainers: [{ name: 'i' }] },
        status: { initContainerStatuses: [ended({ exitCode: 1, reason: 'Error' })] },
      },
    ],
  ])('%s', (status, pod) => {
    expect(cells('/pods', pod)['Status']).toBe(status);
  });

  test('restarts tell when the last one was', () => {
    const restarted = {
      ...running,
      restartCount: 3,
      lastState: { terminated: { finishedAt: '2026-01-01T00:08:00Z' } },
    };
    const pod = {
      spec: { containers: [{ name: 'a' }, { name: 'b' }] },
      status: { containerStatuses: [restarted] },
    };
    expect(cells('/pods', pod)).toMatchObject({ Ready: '1/2', Restarts: '3 (2m ago)', Age: '10m' });
  });

  test('a pod that has ended is marked, so that clients can hide it', () => {
    const pod = { kind: 'Pod', metadata: META, status: { phase: 'Succeeded' } };
    const row = tableRow(pod, { columns: [], includeObject: 'None', now: NOW });
    expect(row['conditions']).toMatchObject([{ type: 'Completed', status: 'True', reason: 'Succeeded' }]);
  });
});
