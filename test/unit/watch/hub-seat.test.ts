import { expect, it } from 'vitest';
import { bearerIdentity, KUBECONFIG_IDENTITY } from '../../../src/cluster/identity.ts';
import { setupHub } from './support/hub-setup.ts';

const NEVER = new AbortController().signal;

it('counts among the subscriptions, also of its caller, until it is given back', () => {
  const { hub } = setupHub({ maxSubscriptionsPerCaller: 1 });
  const caller = bearerIdentity('token');
  const seat = hub.takeSeat(caller, NEVER);
  expect([hub.counts.subscribers, hub.size]).toEqual([1, 0]);
  expect(() => hub.takeSeat(caller, NEVER)).toThrow(expect.objectContaining({ code: 'TOO_MANY_REQUESTS' }));
  seat.close();
  expect(hub.counts.subscribers).toBe(0);
  hub.takeSeat(caller, NEVER).close();
});

it('ends with the longest lifetime of a subscription', async () => {
  const { hub, clock } = setupHub({ maxLifetimeMs: 1_000 });
  const seat = hub.takeSeat(KUBECONFIG_IDENTITY, NEVER);
  let told = 0;
  seat.onReady = () => (told += 1);
  await clock.advance(999);
  expect([seat.isEnded, told]).toEqual([false, 0]);
  await clock.advance(1);
  expect([seat.isEnded, told]).toEqual([true, 1]);
  expect(seat.error).toMatchObject({ code: 'LIFETIME_EXCEEDED' });
});

it('ends with its signal, without an error', () => {
  const { hub } = setupHub();
  const leaving = new AbortController();
  const seat = hub.takeSeat(KUBECONFIG_IDENTITY, leaving.signal);
  leaving.abort();
  expect([seat.isEnded, seat.error]).toEqual([true, undefined]);
  expect(hub.takeSeat(KUBECONFIG_IDENTITY, leaving.signal).isEnded).toBe(true);
  expect(hub.counts.subscribers).toBe(0);
});

it('ends with the hub, which has no more of them', async () => {
  const { hub } = setupHub();
  const seat = hub.takeSeat(KUBECONFIG_IDENTITY, NEVER);
  await hub.close();
  expect(seat.error).toMatchObject({ code: 'SERVER_SHUTDOWN' });
  expect(() => hub.takeSeat(KUBECONFIG_IDENTITY, NEVER)).toThrow(
    expect.objectContaining({ code: 'SERVER_SHUTDOWN' }),
  );
});
