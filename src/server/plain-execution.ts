import type { IncomingMessage } from 'node:http';
import type { OperationRequest } from '../execution/operation-request.ts';
import { asCaller } from './as-caller.ts';
import type { Gateway } from './gateway.ts';
import type { PlainParams } from './plain-params.ts';
import type { PlainAnswer, TakenForms } from './plain-requests.ts';

/** Executes a plain request; undefined for what may have an answer that is kept compressed. Never rejects. */
export function executePlain(
  { engine, report, options: { mode } }: Gateway,
  { method, headers }: IncomingMessage,
  params: PlainParams,
  takes: TakenForms,
  signal: AbortSignal,
): Promise<PlainAnswer | undefined> {
  const call = { authorization: headers.authorization ?? null, signal };
  return asCaller({ mode, report }, call, async (identity) => {
    const document = engine.documents.find(params, identity);
    // An event is made from the text.
    if (takes.json && INTROSPECTION.test(document.text)) return undefined;
    const answer = await engine.execute({
      ...params,
      document,
      identity,
      signal,
      allow: allowedOperations(method, takes),
      takesCompressed: false,
      takesStreamed: takes.json,
      resumeFrom: headers['last-event-id']?.toString() || undefined,
    });
    if ('compressed' in answer) throw new Error('nothing compressed was asked for');
    return answer;
  });
}

const INTROSPECTION = /\b__(?:schema|type)\b/;

/** Whatever a link or an image tag can send must not change anything. */
function allowedOperations(method: string | undefined, { events }: TakenForms): OperationRequest['allow'] {
  return [
    'query',
    ...(method === 'GET' ? [] : ['mutation' as const]),
    ...(events ? ['subscription' as const] : []),
  ];
}
