import { expect, test } from 'vitest';
import { answerOf, requestOf } from '../../../src/serverless/event.ts';
import { httpApiEvent } from './support/event.ts';

test('header names come in lower case, and cookies as one header', () => {
  const event = { ...httpApiEvent({ headers: { 'X-Custom': 'a,b' } }), cookies: ['a=1', 'b=2'] };
  expect(requestOf(event).headers).toMatchObject({ 'x-custom': 'a,b', cookie: 'a=1; b=2' });
});

test('X-Kubernetes-Authorization takes the place of Authorization, and goes no further itself', () => {
  const headers = { Authorization: 'AWS4-HMAC-SHA256 …', 'X-Kubernetes-Authorization': 'Bearer token' };
  const request = requestOf(httpApiEvent({ headers }));
  expect(request.headers['authorization']).toBe('Bearer token');
  expect(request.headers).not.toHaveProperty('x-kubernetes-authorization');
});

test('an empty X-Kubernetes-Authorization does not let Authorization through', () => {
  const headers = { authorization: 'Bearer token', 'x-kubernetes-authorization': '' };
  expect(requestOf(httpApiEvent({ headers })).headers['authorization']).toBe('');
});

test('path and query become the target', () => {
  expect(requestOf(httpApiEvent({ query: 'query=%7Ba%7D' })).target).toBe('/graphql?query=%7Ba%7D');
  expect(requestOf(httpApiEvent({})).target).toBe('/graphql');
});

test('bodies are decoded', () => {
  expect(requestOf(httpApiEvent({})).body).toBeUndefined();
  expect(requestOf(httpApiEvent({ body: 'ü' })).body?.toString('utf8')).toBe('ü');
  const body = Buffer.from('ü').toString('base64');
  expect(requestOf(httpApiEvent({ body, isBase64Encoded: true })).body?.toString('utf8')).toBe('ü');
});

test('status, headers and body of an answer are passed on', async () => {
  const response = new Response('{"data":"ü"}', {
    status: 202,
    headers: { 'Content-Type': 'application/json' },
  });
  expect(await answerOf(response)).toEqual({
    statusCode: 202,
    headers: { 'content-type': 'application/json' },
    body: '{"data":"ü"}',
    isBase64Encoded: false,
  });
});

test('an answer that Lambda could not send becomes RESULT_TOO_LARGE', async () => {
  const answer = await answerOf(new Response('x'.repeat(6 * 1024 * 1024)));
  expect(answer.statusCode).toBe(413);
  expect(JSON.parse(answer.body ?? '')).toMatchObject({
    errors: [{ extensions: { code: 'RESULT_TOO_LARGE' } }],
  });
});

test('what counts is the size that an answer has as a JSON string', async () => {
  const size = 4 * 1024 * 1024;
  expect((await answerOf(new Response('x'.repeat(size)))).statusCode).toBe(200);
  expect((await answerOf(new Response('"'.repeat(size)))).statusCode).toBe(413);
});
