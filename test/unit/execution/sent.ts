import { expect } from 'vitest';
import type { StubRequest } from '../support/stub-api-server.ts';
import { testEngine, type TestAnswer } from '../support/test-engine.ts';

interface Sent {
  readonly answer: TestAnswer;
  /** The one request that changes something. */
  readonly request: StubRequest;
  /** Its body, parsed. */
  readonly body: unknown;
}

/** What a mutation sends. */
export async function send(mutation: string, variables?: Readonly<Record<string, unknown>>): Promise<Sent> {
  const { run, stub } = await testEngine();
  const answer = await run(mutation, variables === undefined ? {} : { variables });
  const writes = stub.requests.filter(({ method }) => method !== 'GET');
  expect(writes).toHaveLength(1);
  const request = writes[0] as StubRequest;
  return { answer, request, body: JSON.parse(request.body) as unknown };
}

export function head({ request }: Sent): readonly unknown[] {
  return [request.method, request.path, request.query, request.headers['content-type']];
}
