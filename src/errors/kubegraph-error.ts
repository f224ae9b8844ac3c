import type { Code } from './codes.ts';

/** What a Kubernetes `Status` said, as far as it may leave the gateway. */
export interface KubernetesFailure {
  readonly reason?: string;
  /** The HTTP status of the API server's answer. */
  readonly code: number;
  readonly details?: unknown;
  readonly retryAfterSeconds?: number;
}

export interface KubegraphErrorOptions {
  readonly kubernetes?: KubernetesFailure;
  /** Further members of `extensions`, for example `cursor`. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * A failure that the caller is told about. Its message and extensions are safe to show: no URL, header, token or
 * stored object is in them. Everything else that is thrown becomes `INTERNAL_ERROR` at the edge.
 */
export class KubegraphError extends Error {
  override readonly name = 'KubegraphError';
  readonly code: Code;
  readonly kubernetes: KubernetesFailure | undefined;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(code: Code, message: string, options: KubegraphErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.kubernetes = options.kubernetes;
    this.extensions = {
      code,
      ...(options.kubernetes === undefined ? {} : { kubernetes: options.kubernetes }),
      ...options.extensions,
    };
  }
}

export function isKubegraphError(error: unknown, code?: Code): error is KubegraphError {
  return error instanceof KubegraphError && (code === undefined || error.code === code);
}
