import { errorFromStatus } from '../errors/from-answer.ts';
import { KubegraphError } from '../errors/kubegraph-error.ts';
import { isJsonObject, tryParseJson } from '../util/json.ts';

/**
 * The exit code in the `Status` that ends a session.
 *
 * @throws KubegraphError where the program has not been run, or nobody knows how it ended.
 */
export function exitCodeOf(message: Buffer): number {
  const status = tryParseJson(message.toString('utf8'));
  if (!isJsonObject(status)) {
    throw new KubegraphError(
      'UPSTREAM_ERROR',
      'what the API server says of the end of the command is no Status',
    );
  }
  if (status['status'] === 'Success') return 0;
  const code = status['reason'] === 'NonZeroExitCode' ? exitCodeCause(status['details']) : undefined;
  if (code === undefined) throw errorFromStatus(status);
  return code;
}

function exitCodeCause(details: unknown): number | undefined {
  const causes = isJsonObject(details) ? details['causes'] : undefined;
  if (!Array.isArray(causes)) return undefined;
  const cause: unknown = causes.find((each) => isJsonObject(each) && each['reason'] === 'ExitCode');
  const text = isJsonObject(cause) ? cause['message'] : undefined;
  return typeof text === 'string' && /^-?\d{1,9}$/.test(text) ? Number(text) : undefined;
}
