import { podPath } from '../cluster/resource-path.ts';
/** A container, and which of a process' streams are wanted. */
export interface ExecTarget {
  readonly namespace: string;
  readonly pod: string;
  /** Undefined: the pod's only one. */
  readonly container: string | undefined;
  /** Program and arguments; undefined: what runs in the container already. */
  readonly command: readonly string[] | undefined;
  readonly stdin: boolean;
  readonly stdout: boolean;
  /** Of no meaning with a terminal, which has one output. */
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** Path and query of the pod's `exec`, or `attach` where there is no command. */
export function execPath({ namespace, pod, container, command, ...streams }: ExecTarget): string {
  const query = new URLSearchParams();
  for (const word of command ?? []) query.append('command', word);
  if (container !== undefined) query.append('container', container);
  for (const name of ['stdin', 'stdout', 'stderr', 'tty'] as const) query.append(name, String(streams[name]));
  const subresource = command === undefined ? 'attach' : 'exec';
  return `${podPath(namespace, pod, subresource)}?${query.toString()}`;
}
