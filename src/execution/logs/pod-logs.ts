import { isUtf8 } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { LineSplitter, type RawLine } from '../../logs/line-splitter.ts';
import { type LogLine, type LogPlace, parseLine } from '../../logs/log-line.ts';
import { logRequest } from '../../logs/log-request.ts';
import { linePattern } from '../../logs/pattern.ts';
import { type BaseField, jsonValue } from '../base-fields/value.ts';
import { call, optionalText } from '../call.ts';
import { podContainer } from '../pod-container.ts';
import { rangeOf, segmentOf } from './log-arguments.ts';

const MAX_LINES = 10_000;
const MAX_BYTES = 16 * 1024 * 1024;

/** The log of one container as it is. */
export const podLogs: BaseField = async (context, responseName, args) => {
  const namespace = segmentOf(args, 'namespace');
  const pod = segmentOf(args, 'name');
  const range = rangeOf(args);
  const grep = optionalText(args, 'grep');
  const pattern = grep === undefined ? undefined : await linePattern(grep);
  const container = await podContainer(context, responseName, args, { namespace, pod });
  const place = { namespace, pod, container };
  const { identity: _, ...request } = logRequest(context.identity, place, range, false);
  const { body } = await call(context, responseName, request);
  const kept: object[] = [];
  let bytes = 0;
  let scanned = 0;
  for await (const line of linesOf(place, body, range.limitBytes !== undefined)) {
    const text = line.text.toString();
    scanned += text.length;
    if (pattern !== undefined && scanned >= pattern.bytesPerTurn) {
      scanned = 0;
      await setImmediate();
    }
    if (pattern?.matches(text) === false) continue;
    bytes += line.text.length;
    if (kept.length === MAX_LINES || bytes > MAX_BYTES) throw tooLarge();
    kept.push(shown(line, text));
  }
  return jsonValue(kept);
};

/** @param isLimited whether the last line may be cut. */
async function* linesOf(
  place: LogPlace,
  body: AsyncIterable<Buffer>,
  isLimited: boolean,
): AsyncIterable<LogLine> {
  const splitter = new LineSplitter();
  const parse = ({ bytes, isTruncated }: RawLine): LogLine => parseLine(place, bytes, isTruncated);
  for await (const chunk of body) yield* splitter.push(chunk).map(parse);
  const rest = splitter.rest();
  if (rest !== undefined) yield parse({ ...rest, isTruncated: rest.isTruncated || isLimited });
}

function shown({ place, timestamp, text: bytes, isTruncated }: LogLine, line: string): object {
  const { pod, container } = place;
  return {
    pod,
    container: container ?? null,
    timestamp: timestamp ?? null,
    line,
    isTruncated,
    isReplaced: !isUtf8(bytes),
  };
}

function tooLarge(): KubegraphError {
  return new KubegraphError(
    'LIST_TOO_LARGE',
    `there are more than ${MAX_LINES} lines, or ${MAX_BYTES / 1024 / 1024} MiB of them: ask for the latest with "tailLines", or subscribe`,
  );
}
