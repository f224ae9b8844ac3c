import { describe, expect, it } from 'vitest';
import { errorFromAnswer } from '../../../src/errors/from-answer.ts';

const PASSWORD = 'aHVudGVyMg==';

/** What the API server says to a merge patch on a Secret that does not decode: it quotes the stored object, twice. */
function quotedSecret(verdict: string): string {
  const object = `{\\"apiVersion\\":\\"v1\\",\\"data\\":{\\"password\\":\\"${PASSWORD}\\"},\\"kind\\":\\"Secret\\"}`;
  const message = `Invalid value: "${object}": ${verdict}`;
  return JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    message: ` "" is invalid: patch: ${message}`,
    reason: 'Invalid',
    details: { causes: [{ reason: 'FieldValueInvalid', message, field: 'patch' }] },
    code: 422,
  });
}

describe('a refusal that quotes a stored Secret', () => {
  it.each([
    ['an unknown field', 'strict decoding error: unknown field "foo"'],
    [
      'a wrong type',
      'json: cannot unmarshal number into Go struct field Secret.data of type map[string][]uint8',
    ],
    ['a verdict that quotes the value again', `illegal base64 data at input byte 3: ${PASSWORD}`],
  ])('leaves the gateway without the quotation, for %s', (_, verdict) => {
    const error = errorFromAnswer(422, quotedSecret(verdict));
    expect(JSON.stringify([error.message, error.extensions])).not.toContain(PASSWORD);
    expect(error.code).toBe('INVALID');
  });

  it('still names the unknown fields', () => {
    const error = errorFromAnswer(422, quotedSecret('strict decoding error: unknown field "foo"'));
    expect(error.message).toContain('unknown field "foo"');
    expect(error.kubernetes?.details).toMatchObject({
      causes: [{ reason: 'FieldValueInvalid', field: 'patch' }],
    });
  });

  it('still says which part was refused', () => {
    const error = errorFromAnswer(422, quotedSecret('json: cannot unmarshal'));
    expect(error.message).toContain('"" is invalid: patch:');
  });
});

describe('other words of the API server', () => {
  const say = (message: string, code = 409): string =>
    errorFromAnswer(code, JSON.stringify({ kind: 'Status', message, reason: 'Conflict', code })).message;

  it('lose the storage key', () => {
    const message =
      'Precondition failed: UID in precondition: 1, UID in object meta: 2, Key: /registry/secrets/default/db, done';
    expect(say(message)).not.toContain('/registry/');
  });

  it.each([
    'Apply failed with 1 conflict: conflict with "kubectl" using apps/v1: .spec.replicas',
    'Pod "web" is invalid: spec.containers[0].image: Required value',
    'Deployment.apps "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    'admission webhook "policy.example.com" denied the request: label {"team"} is missing',
  ])('stay as they are: %s', (message) => {
    expect(say(message)).toBe(message);
  });

  it('are cut when no honest message is that long', () => {
    expect(say('x'.repeat(100_000)).length).toBeLessThan(5_000);
  });
});
