import { readPatterns } from './patterns.ts';

/** Regular expressions as `readPatterns` takes them. */
export interface FilterOptions {
  /** A path has to match. */
  readonly acceptPaths: string;
  /** Wins over `acceptPaths`. */
  readonly rejectPaths: string;
  /** What the `Host` of a request has to match, without its port; and the `Origin` of a page. */
  readonly acceptHosts: string;
  readonly rejectMethods: string;
}

/**
 * As kubectl's, but that it lets port-forwards pass, and everything behind `proxy`: what a node serves there runs commands,
 * and a page of a service would be of the proxy's own origin, and act with the kubeconfig's rights.
 */
export const DEFAULT_FILTER: FilterOptions = {
  acceptPaths: '^.*',
  rejectPaths: [
    '^/api/.*/pods/.*/exec',
    '^/api/.*/pods/.*/attach',
    '^/api/.*/pods/.*/portforward',
    '^/api/v1/(namespaces/[^/]+/)?(pods|services|nodes)/[^/]+/proxy(/|$)',
  ].join(','),
  acceptHosts: '^localhost$,^127\\.0\\.0\\.1$,^\\[::1\\]$',
  rejectMethods: '^$',
};

/** Which requests may pass. */
export interface Filter {
  /** @param host without its port; an IPv6 address in brackets. */
  readonly acceptsHost: (host: string) => boolean;
  /** @param path as it stands in the request line, without its query. */
  readonly acceptsCall: (method: string, path: string) => boolean;
}

/** Throws BadPattern. */
export function createFilter(options: FilterOptions): Filter {
  const isAccepted = readPatterns(options.acceptPaths);
  const isRejected = readPatterns(options.rejectPaths);
  const isRejectedMethod = readPatterns(options.rejectMethods);
  return {
    acceptsHost: readPatterns(options.acceptHosts),
    acceptsCall: (method, path) => {
      const decoded = decodedPath(path);
      // The API server decides on what it has decoded, and patterns may have been written for either.
      return (
        decoded !== undefined &&
        !isRejectedMethod(method) &&
        [path, decoded].every((each) => isAccepted(each) && !isRejected(each))
      );
    },
  };
}

/** As the API server reads it; undefined where patterns could not see what it is: `.` is no line break. */
function decodedPath(path: string): string | undefined {
  try {
    const decoded = decodeURIComponent(path);
    return CONTROL.test(decoded) ? undefined : decoded;
  } catch {
    return undefined;
  }
}

// oxlint-disable-next-line no-control-regex -- that is what it is about.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
