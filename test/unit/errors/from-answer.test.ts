import { describe, expect, it } from 'vitest';
import { errorFromAnswer, errorFromStatus } from '../../../src/errors/from-answer.ts';

/** A failure Status as a body. */
function status(code: number, reason: string | undefined, message: string, details: object = {}): string {
  const said = reason === undefined ? {} : { reason };
  return JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...said,
    details,
    code,
  });
}

const NOT_FOUND_TEXT = '404 page not found\n';
const APPLY_UNDECODABLE =
  'failed to convert new object (/s; /v1, Kind=Secret) to proper version: unable to convert unstructured object to /v1, Kind=Secret: error decoding from json: illegal base64 data at input byte 9';
const APPLY_UNKNOWN =
  'failed to create typed patch object (/w2; /v1, Kind=ConfigMap): .foo: field not declared in schema';

describe('an answer of the API server becomes the code of', () => {
  it.each<[string, number, string, string]>([
    ['a bad token', 401, status(401, 'Unauthorized', 'Unauthorized'), 'UNAUTHENTICATED'],
    [
      'no credentials',
      403,
      status(403, 'Forbidden', 'pods is forbidden: User "system:anonymous"'),
      'FORBIDDEN',
    ],
    ['a 403 without a body', 403, '', 'FORBIDDEN'],
    [
      'a missing object',
      404,
      status(404, 'NotFound', 'configmaps "a" not found', { name: 'a', kind: 'configmaps' }),
      'NOT_FOUND',
    ],
    ['an unknown group', 404, NOT_FOUND_TEXT, 'NOT_FOUND'],
    [
      'an unknown resource',
      404,
      status(404, 'NotFound', 'the server could not find the requested resource'),
      'NOT_FOUND',
    ],
    [
      'a wrong verb',
      405,
      status(405, 'MethodNotAllowed', 'the server does not allow this method'),
      'METHOD_NOT_ALLOWED',
    ],
    [
      'an object of that name',
      409,
      status(409, 'AlreadyExists', 'configmaps "a" already exists'),
      'ALREADY_EXISTS',
    ],
    ['a changed object', 409, status(409, 'Conflict', 'the object has been modified'), 'CONFLICT'],
    ['an old token', 410, status(410, 'Expired', 'too old'), 'EXPIRED'],
    ['an old version', 410, status(410, 'Gone', 'too old'), 'EXPIRED'],
    ['a large body', 413, status(413, 'RequestEntityTooLarge', 'limit is 3145728'), 'REQUEST_TOO_LARGE'],
    [
      'a kind of patch it does not take',
      415,
      status(415, 'UnsupportedMediaType', '415'),
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['an invalid object', 422, status(422, 'Invalid', 'Pod "a" is invalid'), 'INVALID'],
    [
      'an opaque 422',
      422,
      status(422, undefined, 'the server rejected our request due to an error in our request'),
      'INVALID',
    ],
    ['priority and fairness', 429, 'Too many requests, please try again later.', 'TOO_MANY_REQUESTS'],
    ['a disruption budget', 429, status(429, 'TooManyRequests', 'Cannot evict pod'), 'TOO_MANY_REQUESTS'],
    [
      'strict decoding',
      400,
      status(400, 'BadRequest', 'strict decoding error: unknown field "foo"'),
      'BAD_REQUEST',
    ],
    [
      'a 500 without reason',
      500,
      status(500, undefined, 'etcdserver: request is too large'),
      'UPSTREAM_ERROR',
    ],
    ['an unknown field in an apply', 500, status(500, undefined, APPLY_UNKNOWN), 'INVALID'],
    ['a wrong value in an apply', 500, status(500, undefined, APPLY_UNDECODABLE), 'INVALID'],
    ['an internal error', 500, status(500, 'InternalError', 'boom'), 'UPSTREAM_ERROR'],
    ['a server timeout, which comes as 500', 500, status(500, 'ServerTimeout', 'try again'), 'UNAVAILABLE'],
    ['a dead aggregated API', 503, 'service unavailable\n', 'UNAVAILABLE'],
    ['a version that is not there yet', 504, status(504, 'Timeout', 'Too large resource version'), 'TIMEOUT'],
    ["a proxy's page", 502, '<html><body>Bad Gateway</body></html>', 'UPSTREAM_ERROR'],
    ['a cut body', 503, '{"kind":"Status","reason":"ServiceUnav', 'UNAVAILABLE'],
    ['a reason that nobody knows', 409, status(409, 'Novelty', 'new'), 'CONFLICT'],
    ['a status that nobody knows', 418, '', 'BAD_REQUEST'],
    ['a redirect', 302, '', 'UPSTREAM_ERROR'],
  ])('%s', (_, httpStatus, body, code) => {
    expect(errorFromAnswer(httpStatus, body).code).toBe(code);
  });
});

describe('an error from an answer', () => {
  it("keeps the Status' words, reason and details", () => {
    const error = errorFromAnswer(
      404,
      status(404, 'NotFound', 'pods "a" not found', { name: 'a', kind: 'pods' }),
    );
    expect(error.message).toBe('pods "a" not found');
    expect(error.extensions).toEqual({
      code: 'NOT_FOUND',
      kubernetes: { reason: 'NotFound', code: 404, details: { name: 'a', kind: 'pods' } },
    });
  });

  it('keeps plain text as its message, and nothing of a page', () => {
    expect(errorFromAnswer(404, NOT_FOUND_TEXT).message).toBe('404 page not found');
    expect(errorFromAnswer(502, '<html>secret</html>').message).toBe('the API server answered 502');
  });

  it('cuts plain text that is too long', () => {
    expect(errorFromAnswer(500, 'x'.repeat(10_000)).message).toHaveLength(2048);
  });

  it.each([
    ['the header alone', 429, 'Too many requests', '5', 5],
    ['the details alone', 504, status(504, 'Timeout', 'wait', { retryAfterSeconds: 1 }), undefined, 1],
    ['the details before the header', 504, status(504, 'Timeout', 'wait', { retryAfterSeconds: 1 }), '7', 1],
    ['nobody', 429, status(429, 'TooManyRequests', 'Cannot evict pod'), undefined, undefined],
    ['a header that is a date', 503, '', 'Wed, 21 Oct 2026 07:28:00 GMT', undefined],
  ])('says how long to wait as told by %s', (_, httpStatus, body, header, seconds) => {
    expect(errorFromAnswer(httpStatus, body, header).kubernetes?.retryAfterSeconds).toBe(seconds);
  });

  it("takes a Status' own code before the one of HTTP: errors inside a watch come with 200", () => {
    const error = errorFromStatus({ kind: 'Status', code: 410, reason: 'Expired', message: 'too old' }, 200);
    expect([error.code, error.kubernetes?.code]).toEqual(['EXPIRED', 410]);
  });
});
