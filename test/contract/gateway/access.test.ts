import { describe, expect, it } from 'vitest';
import { listAt } from '../../real/support/exact-json.ts';
import { subscribeOverSse } from '../../real/support/event-stream.ts';
import { gatewayAs } from '../support/gateway.ts';

const gateway = await gatewayAs('viewer');
const FORBIDDEN = { code: 'FORBIDDEN', kubernetes: { reason: 'Forbidden', code: 403 } };

describe('the viewer behind the gateway', () => {
  it('gets what is allowed, and FORBIDDEN at each path that is not', async () => {
    const { data, errors } = await gateway.ask(`{
      mine: configMaps(namespace: "default") { items { metadata { name } } }
      everywhere: pods { items { metadata { name } } }
      secret(name: "x", namespace: "default") { data }
      version { gitVersion }
    }`);
    expect(data).toMatchObject({
      everywhere: null,
      secret: null,
      version: { gitVersion: expect.any(String) as string },
    });
    expect(listAt(data, 'mine', 'items').length).toBeGreaterThan(0);
    expect(errors.map(({ path }) => String(path?.[0])).toSorted()).toEqual(['everywhere', 'secret']);
    for (const { extensions, message } of errors) {
      expect(extensions).toMatchObject(FORBIDDEN);
      expect(message).toContain('User "viewer" cannot');
    }
  });

  it('writes nothing', async () => {
    const failure = await gateway.failure(
      'mutation { createConfigMap(namespace: "default", input: { metadata: { name: "no" } }) { id } }',
    );
    expect(failure).toMatchObject({ path: ['createConfigMap'], extensions: FORBIDDEN });
  });

  it('subscribes to what is allowed', async () => {
    const stream = await subscribeOverSse(
      gateway.url,
      'subscription { configMaps(namespace: "default") { type cursor object { metadata { name } } } }',
    );
    expect((await stream.snapshot()).length).toBeGreaterThan(1);
    await stream.close();
  });

  it('is refused a subscription to what is not', async () => {
    const stream = await subscribeOverSse(
      gateway.url,
      'subscription { secrets(namespace: "default") { type cursor object { metadata { name } } } }',
    );
    expect((await stream.next())?.errors).toMatchObject([{ extensions: FORBIDDEN }]);
    await stream.close();
  });
});
