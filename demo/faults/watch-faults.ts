import type { Answer } from '../http/answer.ts';
import { blownUp, endsInitialEvents, linesOf, revisionOf, typeOf } from './lines.ts';
import { errorLine } from './refusals.ts';
import type { Amount, Fault } from './rule.ts';
import { amountOf, clientGone, pause, resetConnection, type Strike } from './strike.ts';

type Lines = AsyncGenerator<Buffer>;

/** The body of a watch as `fault` leaves it. Faults that are about answers as a whole leave it alone. */
export function strikeWatch(body: Answer['body'], fault: Fault, strike: Strike): Lines {
  switch (fault.kind) {
    case 'cut':
      return later(body, fault.after, strike, (rest) => cut(rest, fault.end ?? 'abort', strike));
    case 'end':
      return later(body, fault.after, strike, () => ended(strike));
    case 'errorEvent':
      return later(body, fault.after, strike, () => ended(strike, errorLine(fault.code)));
    case 'reset':
      return later(body, fault.after, strike, () => reset(strike));
    case 'halfOpen':
      return later(body, fault.after, strike, () => halfOpen(fault.of ?? 'stream', strike));
    case 'replay':
      return replay(body, fault, strike);
    case 'oversize':
      return later(body, fault.after, strike, (rest) => oversize(rest, fault.bytes, strike));
    case 'restart': {
      const pauseMs = amountOf(fault.pauseMs, 0, strike);
      return later(body, fault.after, strike, (rest) =>
        disrupted(rest, strike, (server) => server.restart({ pauseMs })),
      );
    }
    case 'rotate':
      return later(body, fault.after, strike, (rest) => disrupted(rest, strike, (server) => server.rotate()));
    case 'slice':
      return slice(body, strike);
    case 'slow':
      return slow(body, fault.pauseMs, strike);
    case 'noBookmarks':
      return withoutBookmarks(body, fault.of ?? 'regular', strike);
    case 'refuse':
    case 'stale':
      return linesOf(body);
  }
}

/** Keeps what happens, for replays. What is listed takes the place of all that happened before. */
export async function* remembered(body: Answer['body'], { memory, request }: Strike): Lines {
  let isListing = beginsWithList(request);
  for await (const line of linesOf(body)) {
    if (isListing && endsInitialEvents(line)) {
      isListing = false;
      memory.forgetEvents(request);
    }
    if (!isListing && CHANGES.has(typeOf(line))) memory.noteEvent(request, line);
    yield line;
  }
}

function beginsWithList({ query }: Strike['request']): boolean {
  return query.get('sendInitialEvents') === 'true';
}

const CHANGES = new Set(['ADDED', 'MODIFIED', 'DELETED']);

/** Passes so many lines, and then what `then` makes of the rest. */
async function* later(
  body: Answer['body'],
  after: Amount | undefined,
  strike: Strike,
  then: (rest: Lines) => Lines,
): Lines {
  const lines = linesOf(body);
  try {
    for (let left = amountOf(after, 0, strike); left > 0; left--) {
      const line = await lines.next();
      if (line.done === true) return;
      yield line.value;
    }
    yield* then(lines);
  } finally {
    await lines.return(undefined);
  }
}

async function* cut(rest: Lines, end: 'clean' | 'abort', strike: Strike): Lines {
  const line = await rest.next();
  if (line.done === true) return;
  strike.hit(end);
  yield line.value.subarray(0, Math.floor(line.value.length / 2));
  if (end === 'abort') throw new Error('cut off on demand');
}

async function* ended(strike: Strike, last?: Buffer): Lines {
  strike.hit();
  if (last !== undefined) yield last;
}

async function* reset(strike: Strike): Lines {
  strike.hit();
  await resetConnection(strike);
  yield* [];
}

async function* halfOpen(of: 'stream' | 'connection', strike: Strike): Lines {
  strike.hit(of);
  if (of === 'connection') strike.request.connection.freeze();
  await clientGone(strike);
  yield* [];
}

/**
 * Not inside of a list, nor from further on than the stream has got: another watch may have been there. A server that did
 * either would make any client lose what is between, or keep what is gone.
 */
async function* replay(
  body: Answer['body'],
  { after, events }: Extract<Fault, { kind: 'replay' }>,
  strike: Strike,
): Lines {
  const { memory, request } = strike;
  let left = amountOf(after, 0, strike);
  let isListing = beginsWithList(request);
  let isOver = false;
  for await (const line of linesOf(body)) {
    yield line;
    isListing &&= !endsInitialEvents(line);
    const revision = revisionOf(line);
    if (left-- > 0 || isListing || isOver || revision === undefined) continue;
    isOver = true;
    const again = memory.latestEvents(request, revision, amountOf(events, 5, strike));
    strike.hit(`${again.length} events`);
    yield* again;
  }
}

async function* oversize(rest: Lines, bytes: number, strike: Strike): Lines {
  const line = await rest.next();
  if (line.done === true) return;
  strike.hit(`${bytes} bytes`);
  yield blownUp(line.value, bytes);
  yield* rest;
}

async function* disrupted(rest: Lines, strike: Strike, action: Parameters<Strike['disrupt']>[0]): Lines {
  strike.hit();
  strike.disrupt(action);
  yield* rest;
}

async function* slice(body: Answer['body'], strike: Strike): Lines {
  strike.hit();
  for await (const line of linesOf(body)) {
    for (let index = 0; index < line.length; index++) yield line.subarray(index, index + 1);
  }
}

async function* slow(body: Answer['body'], pauseMs: Amount | undefined, strike: Strike): Lines {
  strike.hit();
  for await (const line of linesOf(body)) {
    await pause(amountOf(pauseMs, 1000, strike), strike);
    yield line;
  }
}

async function* withoutBookmarks(body: Answer['body'], of: 'regular' | 'all', strike: Strike): Lines {
  for await (const line of linesOf(body)) {
    const isKept = typeOf(line) !== 'BOOKMARK' || (of === 'regular' && endsInitialEvents(line));
    if (isKept) yield line;
    else strike.hit();
  }
}
