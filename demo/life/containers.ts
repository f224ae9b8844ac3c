import { hashOf } from './chance.ts';
import type { Container, ContainerStatus, Pod, Terminated } from './kinds.ts';
import { MINUTE, SECOND, timestamp } from './time.ts';

/** Why and how a container ends. */
export interface Exit {
  readonly exitCode: number;
  readonly reason: string;
}

export const COMPLETED: Exit = { exitCode: 0, reason: 'Completed' };
export const CRASHED: Exit = { exitCode: 1, reason: 'Error' };
export const OUT_OF_MEMORY: Exit = { exitCode: 137, reason: 'OOMKilled' };

export function waitingStatus(container: Container, reason: string): ContainerStatus {
  return {
    name: container.name,
    state: { waiting: { reason } },
    lastState: {},
    ready: false,
    restartCount: 0,
    image: container.image ?? '',
    imageID: '',
    started: false,
    ...mountsOf(container),
  };
}

/** The container runs: for the first time, or again after it had ended. */
export function started(
  status: ContainerStatus,
  pod: Pod,
  { now, isReady }: { readonly now: number; readonly isReady: boolean },
): ContainerStatus {
  const last = status.state.terminated ?? status.lastState.terminated;
  const restartCount = last === undefined ? 0 : status.restartCount + 1;
  const { name, state: _state, lastState: _last, image: _image, ...rest } = status;
  return {
    name,
    state: { running: { startedAt: timestamp(now) } },
    lastState: last === undefined ? {} : { terminated: last },
    ...rest,
    ready: isReady,
    restartCount,
    image: fullImageName(imageOf(pod, status)),
    imageID: imageIdOf(imageOf(pod, status)),
    containerID: containerIdOf(pod, status.name, restartCount),
    started: true,
  };
}

export function ended(status: ContainerStatus, { exitCode, reason }: Exit, now: number): ContainerStatus {
  const terminated: Terminated = {
    exitCode,
    reason,
    startedAt: status.state.running?.startedAt ?? timestamp(now),
    finishedAt: timestamp(now),
    containerID: status.containerID ?? '',
  };
  return { ...status, state: { terminated }, ready: false, started: false };
}

export function backedOff(status: ContainerStatus, pod: Pod): ContainerStatus {
  const { terminated } = status.state;
  if (terminated === undefined) return status;
  const { name, namespace = 'default', uid = '' } = pod.metadata;
  const pause = backOffMs(status.restartCount);
  const length =
    pause < MINUTE ? `${pause / SECOND}s` : `${Math.floor(pause / MINUTE)}m${(pause % MINUTE) / SECOND}s`;
  const message = `back-off ${length} restarting failed container=${status.name} pod=${name}_${namespace}(${uid})`;
  return {
    ...status,
    state: { waiting: { reason: 'CrashLoopBackOff', message } },
    lastState: { terminated },
  };
}

/** Ten seconds, doubled with each restart, up to five minutes. */
export function backOffMs(restartCount: number): number {
  return Math.min(5 * MINUTE, 10 * SECOND * 2 ** Math.max(0, restartCount - 1));
}

function imageOf(pod: Pod, status: ContainerStatus): string {
  const { containers, initContainers = [] } = pod.spec;
  return [...containers, ...initContainers].find(({ name }) => name === status.name)?.image ?? status.image;
}

/** As container runtimes name images: with the registry and a tag. */
function fullImageName(image: string): string {
  const tagged = /:[^/]+$/.test(image) ? image : `${image}:latest`;
  const [first = '', ...rest] = tagged.split('/');
  if (rest.length > 0 && /[.:]|^localhost$/.test(first)) return tagged;
  return `docker.io/${rest.length === 0 ? 'library/' : ''}${tagged}`;
}

function imageIdOf(image: string): string {
  const name = fullImageName(image).replace(/:[^/:]+$/, '');
  return `${name}@sha256:${digits(image)}`;
}

/** A new one for each run. */
function containerIdOf({ metadata }: Pod, container: string, run: number): string {
  return `containerd://${digits(`${metadata.uid ?? ''}/${container}/${run}`)}`;
}

/** 64 hexadecimal digits that depend on `text` alone. */
function digits(text: string): string {
  return Array.from({ length: 8 }, (_, at) => hashOf(`${at}${text}`).toString(16).padStart(8, '0')).join('');
}

function mountsOf({ volumeMounts = [] }: Container): object {
  if (volumeMounts.length === 0) return {};
  return {
    volumeMounts: volumeMounts.map(({ name, mountPath, readOnly }) => ({
      name,
      mountPath,
      ...(readOnly === true ? { readOnly, recursiveReadOnly: 'Disabled' } : {}),
    })),
  };
}
