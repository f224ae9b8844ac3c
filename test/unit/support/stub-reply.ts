/** What the stub answers to one request. */
export interface StubReply {
  readonly status?: number;
  /** Text or bytes as they are, or a value to be written as JSON. */
  readonly body: string | Buffer | object;
  /** Default `application/json`. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

/** A `Status` of failure, as the API server answers it. */
export function statusReply(
  code: number,
  reason: string | undefined,
  message: string,
  more: { details?: object; continueToken?: string } = {},
): StubReply {
  return {
    status: code,
    body: {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: more.continueToken === undefined ? {} : { continue: more.continueToken },
      status: 'Failure',
      message,
      ...(reason === undefined ? {} : { reason }),
      details: more.details ?? {},
      code,
    },
  };
}

export function notFoundReply(plural: string, group: string, name: string): StubReply {
  const details = { name, kind: plural, ...(group === '' ? {} : { group }) };
  const what = group === '' ? plural : `${plural}.${group}`;
  return statusReply(404, 'NotFound', `${what} "${name}" not found`, { details });
}

/** What the mux says of paths that nobody serves. */
export const PAGE_NOT_FOUND: StubReply = {
  status: 404,
  body: '404 page not found\n',
  contentType: 'text/plain; charset=utf-8',
};
