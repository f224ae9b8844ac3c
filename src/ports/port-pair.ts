/** A port of this machine, and what stands for a port of a pod behind it. */
export interface PortPair {
  /** 0 for any that is free. */
  readonly local: number;
  /** A number, or the name that a container or a service gives to one. */
  readonly remote: number | string;
}

/** An IANA service name: what Kubernetes lets a port be called. It has a letter, so no number is one. */
const NAME = /^(?=.*[a-z])[a-z0-9](?:[a-z0-9-]{0,13}[a-z0-9])?$/;

/** `8080:80`, `80` (the same here and there), `:80` or `0:80` (any free one here), `https` and `8443:https`; undefined for all else. */
export function parsePortPair(text: string): PortPair | undefined {
  const [, local, remote = ''] = /^(?:(\d*):)?([^:]+)$/.exec(text) ?? [];
  const remotePort = NAME.test(remote) ? remote : portNumber(remote, 1);
  // A name says nothing about the port here.
  const localPort = portNumber(
    local === undefined && typeof remotePort === 'number' ? remote : local || '0',
    0,
  );
  if (remotePort === undefined || localPort === undefined) return undefined;
  return { local: localPort, remote: remotePort };
}

function portNumber(text: string, least: number): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return port >= least && port <= 65_535 ? port : undefined;
}
