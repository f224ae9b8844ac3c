import { expect, it } from 'vitest';
import { callerOf } from '../../../src/server/caller.ts';
import { testGateway } from '../support/test-gateway.ts';

it.each([
  ['no header', {}],
  ['an empty one', { authorization: '' }],
  ['Basic', { authorization: 'Basic dXNlcjpwYXNz' }],
  ['Bearer without a token', { authorization: 'Bearer' }],
  ['two headers', { authorization: 'Bearer a, Bearer b' }],
  ['two tokens', { authorization: 'Bearer a,b' }],
  ['a token with a space', { authorization: 'Bearer a b' }],
])('asks the API server nothing without a token: %s', async (_, headers) => {
  const { post, stub } = await testGateway('passthrough');
  const response = await post('{ pods { items { kind } } }', headers);
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  expect(stub.requests).toEqual([]);
});

it("makes every call with the caller's own token", async () => {
  const { post, stub } = await testGateway('passthrough');
  await (await post('{ pods { items { kind } } }', { authorization: 'Bearer alice' })).text();
  expect(stub.requests.length).toBeGreaterThan(0);
  expect(new Set(stub.requests.map(({ headers }) => headers['authorization']))).toEqual(
    new Set(['Bearer alice']),
  );
});

it('shows nobody what only another one was shown', async () => {
  const { post, stub } = await testGateway('passthrough');
  await (await post('{ pods { items { kind } } }', { authorization: 'Bearer alice' })).text();
  stub.on('GET', '/apis', ({ headers }) =>
    headers['authorization'] === 'Bearer bob'
      ? { status: 401, body: '{"kind":"Status","reason":"Unauthorized","message":"Unauthorized","code":401}' }
      : undefined,
  );
  const response = await post('{ pods { items { kind } } }', { authorization: 'Bearer bob' });
  expect([response.status, await response.json()]).toMatchObject([
    401,
    { errors: [{ message: 'Unauthorized' }] },
  ]);
});

it('acts as the kubeconfig in the other mode, whatever token comes along', () => {
  expect(callerOf('kubeconfig', 'Bearer alice').kind).toBe('kubeconfig');
});

it.each(['Bearer \u00e9', `Bearer ${'x'.repeat(20_000)}`, 'Bearer a\tb'])(
  'takes no token that is none: %.20j',
  (header) => {
    expect(() => callerOf('passthrough', header)).toThrow(/Authorization: Bearer TOKEN/);
  },
);

it('takes the scheme in any case', () => {
  expect(callerOf('passthrough', ' bearer alice ')).toMatchObject({ kind: 'bearer', token: 'alice' });
});
