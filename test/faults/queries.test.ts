import { afterEach, describe, expect, test } from 'vitest';
import type { Fault, Occasion } from '../../demo/faults/rule.ts';
import type { TestAnswer } from '../unit/support/test-engine.ts';
import { atEnd } from '../real/support/at-end.ts';
import { bench } from './support/bench.ts';

/** Three pages of the gateway's 500. */
const COUNT = 1200;
const LIST =
  '{ configMaps(namespace: "bench") { items { metadata { name resourceVersion } } pageInfo { consistent } } }';
const GET = '{ configMap(namespace: "bench", name: "object-7") { metadata { name resourceVersion } } }';

interface Listed {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly resourceVersion: string };
  }[];
}

const all = await bench({ cleanUp: atEnd });
const { ask, faults, objects, report } = all;
for (let index = 0; index < COUNT; index++) objects.put(`object-${index}`);
afterEach(() => {
  faults.disarm();
  expect(all.defects.slice(0, 1)).toEqual([]);
});

const ON = { mode: 'unary', resource: 'configmaps' } as const;

const listed = (answer: TestAnswer): Listed | undefined =>
  (answer.data?.['configMaps'] ?? undefined) as Listed | undefined;

/** Names and versions, as the store has them. */
function truth(): readonly unknown[] {
  return objects.all.map(({ metadata: { name, resourceVersion } }) => ({
    metadata: { name, resourceVersion },
  }));
}

describe('a list of several pages is whole and right, though', () => {
  test.each<[string, Fault, Occasion]>([
    ['every page arrives byte by byte', { kind: 'slice' }, {}],
    ['the pages arrive slowly', { kind: 'slow', pieces: 3, pauseMs: [0, 3] }, {}],
    ['the pages are huge', { kind: 'oversize', bytes: 2_000_000 }, {}],
    ['the connection was lost before the second page', { kind: 'reset', at: 'request' }, { nth: 2 }],
    ['the connection was lost with the second page', { kind: 'reset' }, { nth: 2 }],
    [
      'the server was busy at the second page',
      { kind: 'refuse', code: 429, retryAfterSeconds: 2 },
      { nth: 2 },
    ],
    [
      'the server was going down at the second page',
      { kind: 'refuse', code: 503, retryAfterSeconds: 1 },
      { nth: 2 },
    ],
  ])('%s', async (_, fault, when) => {
    const { struck } = faults.arm({ on: ON, when, fault });
    const answer = await ask(LIST);
    expect(answer.errors).toEqual([]);
    expect(listed(answer)?.items).toEqual(truth());
    expect(await struck).toMatchObject({ kind: fault.kind });
  });

  test('the server lags behind: it is an earlier state, and whole', async () => {
    faults.arm({ on: ON, fault: { kind: 'stale' } });
    const before = truth();
    await ask(LIST);
    objects.put('object-3');
    objects.remove('object-900');
    expect(listed(await ask(LIST))?.items).toEqual(before);
    faults.disarm();
    expect(listed(await ask(LIST))?.items).toEqual(truth());
  });
});

describe('an answer has the right code and no half of the data, when', () => {
  test.each<[string, string, Fault]>([
    ['UPSTREAM_ERROR', 'it is cut off', { kind: 'cut' }],
    ['UPSTREAM_ERROR', 'it is half, as if that were all', { kind: 'cut', end: 'clean' }],
    ['UPSTREAM_ERROR', 'it is empty', { kind: 'end' }],
    ['UNREACHABLE', 'the connection is lost time and again', { kind: 'reset' }],
    ['EXPIRED', 'the server has forgotten', { kind: 'refuse', code: 410 }],
    [
      'TOO_MANY_REQUESTS',
      'the server is busy for long',
      { kind: 'refuse', code: 429, retryAfterSeconds: 60 },
    ],
    ['TOO_MANY_REQUESTS', 'the server is busy', { kind: 'refuse', code: 429, as: 'text' }],
    ['UPSTREAM_ERROR', 'the server fails', { kind: 'refuse', code: 500 }],
    ['UPSTREAM_ERROR', 'the server fails badly', { kind: 'refuse', code: 500, as: 'text' }],
    ['UNAVAILABLE', 'the server goes down', { kind: 'refuse', code: 503 }],
    ['UNAVAILABLE', 'something on the way has lost the server', { kind: 'refuse', code: 503, as: 'text' }],
  ])('%s: %s', async (code, _, fault) => {
    for (const nth of [1, 2, 3]) {
      // The nth call is struck, and those after it: what is tried again fails again.
      faults.disarm();
      for (let call = nth; call < nth + 10; call++) {
        faults.arm({ on: ON, when: { nth: call }, fault });
      }
      const answer = await ask(LIST);
      expect(
        answer.errors.map(({ extensions }) => extensions['code']),
        report(),
      ).toEqual([code]);
      expect(listed(answer), report()).toBeUndefined();
    }
  });

  test('EXPIRED: the server has forgotten the second page, and offers nothing instead', async () => {
    faults.arm({ on: ON, when: { nth: 2 }, fault: { kind: 'refuse', code: 410 } });
    const answer = await ask(LIST);
    expect(answer.errors).toMatchObject([{ extensions: { code: 'EXPIRED' } }]);
    expect(listed(answer)).toBeUndefined();
  });

  test('TIMEOUT: nothing comes', async () => {
    const hurried = await bench({ deadlineMs: 300 });
    hurried.faults.arm({ on: ON, fault: { kind: 'halfOpen' } });
    const answer = await hurried.ask(GET);
    expect(answer.errors).toMatchObject([{ extensions: { code: 'TIMEOUT' } }]);
    expect(answer.data).toEqual({ configMap: null });
  });

  test('RESULT_TOO_LARGE: an object is larger than the gateway reads', async () => {
    faults.arm({ on: ON, fault: { kind: 'oversize', bytes: 70_000_000 } });
    const answer = await ask(GET);
    expect(answer.errors).toMatchObject([{ extensions: { code: 'RESULT_TOO_LARGE' } }]);
  });
});

test('a field that fails leaves the others their answers', async () => {
  faults.arm({ on: { resource: 'secrets' }, fault: { kind: 'cut', end: 'clean' } });
  const answer = await ask('{ secrets { items { kind } } namespace(name: "default") { metadata { name } } }');
  expect(answer.errors).toMatchObject([{ path: ['secrets'], extensions: { code: 'UPSTREAM_ERROR' } }]);
  expect(answer.data?.['namespace']).toEqual({ metadata: { name: 'default' } });
});

test('a schema that could not be read is read again for the next question', async () => {
  const query = '{ leases { items { metadata { name } } } }';
  const armed = faults.arm({ on: { path: '/openapi' }, fault: { kind: 'cut' } });
  const failed = await ask(query);
  expect(failed.errors).not.toEqual([]);
  expect(failed.data).toBeUndefined();
  armed.disarm();
  expect((await ask(query)).errors).toEqual([]);
});
