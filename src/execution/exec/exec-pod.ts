import { KubegraphError } from '../../errors/kubegraph-error.ts';
import { type BaseField, jsonValue } from '../base-fields/value.ts';
import { type Args, optionalText, pathSegment } from '../call.ts';
import { podContainer } from '../pod-container.ts';

const MAX_TIMEOUT_SECONDS = 300;

/** Runs a command in a container and answers what it wrote. */
export const execPod: BaseField = async (context, responseName, args) => {
  const { runCommand, identity, signal } = context;
  if (runCommand === undefined) {
    throw new KubegraphError(
      'FORBIDDEN',
      'this gateway runs no commands in pods: its operator can, with --enable-exec',
    );
  }
  const namespace = pathSegment(String(args['namespace']), 'namespace');
  const pod = pathSegment(String(args['name']), 'name');
  const words = commandOf(args);
  const timeLimitMs = timeLimitOf(args);
  const container = await podContainer(context, responseName, args, { namespace, pod });
  const text = optionalText(args, 'stdin');
  const stdin = text === undefined ? undefined : Buffer.from(text, 'utf8');
  const result = await runCommand({ identity, namespace, pod, container, words, stdin, timeLimitMs, signal });
  const { stdout, stderr, exitCode, isTruncated } = result;
  return jsonValue({
    stdout: stdout.toString('utf8'),
    stderr: stderr.toString('utf8'),
    exitCode,
    isTruncated,
  });
};

function commandOf(args: Args): readonly string[] {
  // Its GraphQL type says that it is a list of texts.
  const words = args['command'] as readonly string[];
  if (words.length > 0 && words[0] !== '') return words;
  throw new KubegraphError('BAD_USER_INPUT', '"command" names no program');
}

/** In milliseconds. */
function timeLimitOf(args: Args): number {
  const seconds = args['timeoutSeconds'] ?? 30;
  if (typeof seconds === 'number' && seconds >= 1 && seconds <= MAX_TIMEOUT_SECONDS) return seconds * 1_000;
  throw new KubegraphError('BAD_USER_INPUT', `"timeoutSeconds" is from 1 to ${MAX_TIMEOUT_SECONDS}`);
}
