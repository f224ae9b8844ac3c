/** A cause as `Status.details.causes` has it. */
export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

export interface ApiErrorOptions {
  /** Absent where the real server gives none (most 500s). */
  readonly reason?: string;
  /** `{}` is written as such; absent leaves the member out. */
  readonly details?: StatusDetails;
  /** `metadata.continue` of a 410 that offers how to go on. */
  readonly continueToken?: string;
}

/** A failure that is answered as a `Status`. Messages are the real server's words, since clients show and match them. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: number;
  readonly options: ApiErrorOptions;

  constructor(code: number, message: string, options: ApiErrorOptions = {}) {
    super(message);
    this.code = code;
    this.options = options;
  }

  toStatus(): Readonly<Record<string, unknown>> {
    const { reason, details, continueToken } = this.options;
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: continueToken === undefined ? {} : { continue: continueToken },
      status: 'Failure',
      message: this.message,
      ...(reason === undefined ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code: this.code,
    };
  }
}

/** An error that the real server writes as plain text instead of a Status: a 404 of its router, for one. */
export class PlainTextError extends Error {
  override readonly name = 'PlainTextError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
