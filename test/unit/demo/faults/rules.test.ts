import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../../../demo/api/seeded-random.ts';
import { createFaults } from '../../../../demo/faults/faults.ts';
import type { Rule } from '../../../../demo/faults/rule.ts';
import { textAnswer } from '../../../../demo/http/answer.ts';
import type { InterceptedRequest } from '../../../../demo/http/interceptor.ts';
import { requestInfo } from '../../../../demo/http/request-info.ts';

const PODS = '/api/v1/namespaces/shop/pods';

function requestFor(method: string, url: string): InterceptedRequest {
  const { pathname: path, searchParams: query } = new URL(url, 'https://localhost');
  return {
    method,
    path,
    query,
    headers: {},
    info: requestInfo(method, path, query),
    user: { name: 'admin', groups: [] },
    connection: { reset: () => undefined, freeze: () => undefined },
    signal: new AbortController().signal,
  };
}

/** Which of these requests are refused. */
async function struckBy(
  rule: Omit<Rule, 'fault'>,
  requests: readonly string[],
  seed = 1,
): Promise<readonly string[]> {
  const faults = createFaults({
    random: seededRandom(seed),
    rules: [{ ...rule, fault: { kind: 'refuse', code: 500 } }],
  });
  const struck: string[] = [];
  for (const text of requests) {
    const [method = '', url = ''] = text.split(' ');
    const answer = await faults.intercept(requestFor(method, url), async () => textAnswer(200, 'ok'));
    if (answer.status === 500) struck.push(text);
  }
  return struck;
}

describe('a rule strikes', () => {
  const GET = `GET ${PODS}/web`;
  const LIST = `GET ${PODS}`;
  const WATCH = `GET ${PODS}?watch=1`;
  const CREATE = `POST ${PODS}`;
  const DEPLOYMENTS = 'GET /apis/apps/v1/namespaces/shop/deployments';
  const OPENAPI = 'GET /openapi/v3';
  const ALL = [GET, LIST, WATCH, CREATE, DEPLOYMENTS, OPENAPI];

  test.each<[string, Rule['on'], readonly string[]]>([
    ['everything', {}, ALL],
    ['a verb', { verb: 'create' }, [CREATE]],
    ['one of several verbs', { verb: ['list', 'watch'] }, [LIST, WATCH, DEPLOYMENTS]],
    ['a resource', { resource: 'pods' }, [GET, LIST, WATCH, CREATE]],
    ['a group', { group: 'apps' }, [DEPLOYMENTS]],
    ['an object', { name: 'web' }, [GET]],
    ['a namespace', { namespace: 'other' }, []],
    ['streams', { mode: 'stream' }, [WATCH]],
    ['what is answered as a whole', { mode: 'unary', resource: 'pods' }, [GET, LIST, CREATE]],
    ['a path', { path: '/openapi' }, [OPENAPI]],
  ])('%s', async (_, on = {}, expected) => {
    expect(await struckBy({ on }, ALL)).toEqual(expected);
  });

  test('the nth request that fits', async () => {
    const requests = [LIST, `${CREATE}?1`, `${CREATE}?2`, LIST, `${CREATE}?3`];
    expect(await struckBy({ on: { verb: 'create' }, when: { nth: 2 } }, requests)).toEqual([`${CREATE}?2`]);
  });

  test('not more often than it may', async () => {
    expect(await struckBy({ when: { times: 2 } }, ALL)).toEqual([GET, LIST]);
  });

  test('with a probability, the same for the same seed', async () => {
    const requests = Array.from({ length: 400 }, (_, index) => `${LIST}?n=${index}`);
    const struck = await struckBy({ when: { chance: 0.25 } }, requests);
    expect(struck.length).toBeGreaterThan(60);
    expect(struck.length).toBeLessThan(140);
    expect(await struckBy({ when: { chance: 0.25 } }, requests)).toEqual(struck);
    expect(await struckBy({ when: { chance: 0.25 } }, requests, 2)).not.toEqual(struck);
  });
});

describe('rules', () => {
  const next = async () => textAnswer(200, 'ok');

  test('add up, the first one outermost', async () => {
    const faults = createFaults({
      random: seededRandom(1),
      rules: [{ fault: { kind: 'oversize', bytes: 1 } }, { fault: { kind: 'refuse', code: 503 } }],
    });
    expect(await faults.intercept(requestFor('GET', PODS), next)).toMatchObject({ status: 503 });
    expect(faults.log.map(({ kind }) => kind)).toEqual(['refuse', 'oversize']);
  });

  test('are over when they are disarmed, one or all', async () => {
    const faults = createFaults({ random: seededRandom(1) });
    const [first] = [503, 429].map((code) =>
      faults.arm({ fault: { kind: 'refuse', code: code as 429 | 503 } }),
    );
    const status = async (): Promise<number> =>
      (await faults.intercept(requestFor('GET', PODS), next)).status;
    expect(await status()).toBe(503);
    first?.disarm();
    expect(await status()).toBe(429);
    faults.disarm();
    expect(await status()).toBe(200);
  });

  test('say which request they struck', async () => {
    const faults = createFaults({ random: seededRandom(1) });
    const { struck } = faults.arm({ on: { verb: 'watch' }, fault: { kind: 'refuse', code: 410 } });
    await faults.intercept(requestFor('GET', `${PODS}?watch=1`), next);
    const injection = { kind: 'refuse', request: `GET ${PODS}?watch=1`, detail: '410' };
    expect(await struck).toEqual(injection);
    expect(faults.log).toEqual([injection]);
  });

  test('that need a server fail without one', async () => {
    const faults = createFaults({ random: seededRandom(1), rules: [{ fault: { kind: 'rotate' } }] });
    await expect(faults.intercept(requestFor('GET', PODS), next)).rejects.toThrow('attach');
  });
});
