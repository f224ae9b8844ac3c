import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { atEnd } from '../../real/support/at-end.ts';
import { admin } from '../support/api.ts';
import { gatewayAs } from '../support/gateway.ts';
import { newNamespace } from '../support/namespace.ts';
import { created } from '../support/objects.ts';
import { DEFINITIONS, untilDescribed, widgetDefinition, widgetsOf } from '../support/widgets.ts';

const namespace = await newNamespace();
const gateway = await gatewayAs();
const POLL = { timeout: 15_000 };

it('a kind that was just installed can be asked for, and is gone when its definition is', async () => {
  const widgets = widgetsOf(`kg${randomBytes(5).toString('hex')}`);
  atEnd(() => admin.delete(widgets.definition));
  const list = `${widgets.fieldName}s`;
  const document = `{ ${list}(namespace: "${namespace}") { items { metadata { name } spec { defaulted } } } }`;
  expect((await gateway.failure(document)).extensions).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });

  await created(DEFINITIONS, widgetDefinition(widgets.group));
  await untilDescribed(widgets.group);
  await created(widgets.path(namespace), widgets.object('first'));
  // The gateway looks for new kinds at most once a second.
  await expect
    .poll(async () => (await gateway.ask(document)).data, POLL)
    .toEqual({ [list]: { items: [{ metadata: { name: 'first' }, spec: { defaulted: 7 } }] } });

  await admin.delete(widgets.definition);
  await expect
    .poll(async () => (await gateway.ask(document)).errors[0]?.extensions?.['code'], POLL)
    .toMatch(/^(?:NOT_FOUND|GRAPHQL_VALIDATION_FAILED)$/);
});
