import { textAnswer, type Answer } from '../http/answer.ts';
import { behindLine } from './refusals.ts';
import { blownUp, plain, wholeOf } from './lines.ts';
import type { Amount, Fault } from './rule.ts';
import { amountOf, clientGone, pause, resetConnection, type Strike } from './strike.ts';

/** Answers that are sent as a whole, as `fault` leaves them. Faults that are about watches leave them alone. */
export async function strikeAnswer(answer: Answer, fault: Fault, strike: Strike): Promise<Answer> {
  switch (fault.kind) {
    case 'cut':
      return { ...answer, body: half(await wholeOf(answer.body), fault.end ?? 'abort', strike) };
    case 'end':
      strike.hit();
      return { ...answer, body: Buffer.alloc(0) };
    case 'reset':
      strike.hit();
      await resetConnection(strike);
      return answer;
    case 'halfOpen':
      return halfOpen(fault.of ?? 'stream', strike);
    case 'stale':
      return stale(answer, strike);
    case 'slice':
      strike.hit();
      return { ...answer, body: bytesOf(await wholeOf(answer.body)) };
    case 'slow':
      return {
        ...answer,
        body: slowly(await wholeOf(answer.body), fault.pieces ?? 4, fault.pauseMs, strike),
      };
    case 'oversize': {
      const { headers, bytes } = await plain(answer);
      strike.hit(`${fault.bytes} bytes`);
      return { ...answer, headers, body: blownUp(bytes, fault.bytes) };
    }
    case 'restart': {
      const pauseMs = amountOf(fault.pauseMs, 0, strike);
      strike.hit();
      strike.disrupt((server) => server.restart({ pauseMs }));
      return answer;
    }
    case 'rotate':
      strike.hit();
      strike.disrupt((server) => server.rotate());
      return answer;
    case 'errorEvent':
    case 'replay':
    case 'noBookmarks':
    case 'refuse':
      return answer;
  }
}

/** A watch from a server that lags behind. A streaming list is never stale: it waits until it is not. */
export async function strikeStaleWatch(strike: Strike): Promise<Answer> {
  const { query } = strike.request;
  const position = query.get('resourceVersion') ?? '';
  if (position === '' || position === '0' || query.get('sendInitialEvents') === 'true') return strike.next();
  strike.hit(`behind ${position}`);
  return { status: 200, headers: { 'content-type': 'application/json' }, body: behindLine(position) };
}

function stale(answer: Answer, { memory, request, hit }: Strike): Answer {
  if (request.method !== 'GET') return answer;
  const first = memory.first(request, answer);
  if (first !== answer) hit();
  return first;
}

async function halfOpen(of: 'stream' | 'connection', strike: Strike): Promise<Answer> {
  strike.hit(of);
  if (of === 'connection') strike.request.connection.freeze();
  await clientGone(strike);
  return textAnswer(503, 'nobody reads this');
}

async function* half(body: Buffer, end: 'clean' | 'abort', strike: Strike): AsyncGenerator<Buffer> {
  strike.hit(end);
  yield body.subarray(0, Math.floor(body.length / 2));
  if (end === 'abort') throw new Error('cut off on demand');
}

async function* bytesOf(body: Buffer): AsyncGenerator<Buffer> {
  for (let index = 0; index < body.length; index++) yield body.subarray(index, index + 1);
}

async function* slowly(
  body: Buffer,
  pieces: number,
  pauseMs: Amount | undefined,
  strike: Strike,
): AsyncGenerator<Buffer> {
  strike.hit();
  const size = Math.ceil(body.length / pieces);
  for (let start = 0; start < body.length; start += size) {
    await pause(amountOf(pauseMs, 1000, strike), strike);
    yield body.subarray(start, start + size);
  }
}
