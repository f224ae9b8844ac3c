import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { emptyDirectory, unpack } from './artefact.ts';
import { endsWithTest } from './ends-with-test.ts';

export interface RunningFunction {
  /** What Lambda would pass on to API Gateway. */
  invoke(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2>;
}

type Env = Readonly<Record<string, string>>;

/** The packaged function in a process of its own, once it can take events. Ends with the test. */
export async function startFunction(env: Env): Promise<RunningFunction> {
  const child = launch(env);
  await once(child, 'message');
  return {
    invoke: async (event) => {
      child.send({ event, remainingMs: 29_000 });
      const [message] = (await once(child, 'message')) as [
        { answer?: APIGatewayProxyStructuredResultV2; error?: string },
      ];
      if (message.answer === undefined) throw new Error(`the function failed: ${message.error}`);
      return message.answer;
    },
  };
}

/** What a function that cannot start leaves in its log. */
export async function failedStart(env: Env): Promise<string> {
  const child = launch(env);
  const log = text(child.stderr as NonNullable<typeof child.stderr>);
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code === 0 || code === null) throw new Error(`the function started, or was stopped (${code})`);
  return log;
}

/** With an environment as bare as Lambda's, and nothing to be found around it. */
function launch(env: Env): ChildProcess {
  const directory = unpack();
  const host = fileURLToPath(new URL('function-host.mjs', import.meta.url));
  const child = fork(host, [`${directory}/dist/lambda.mjs`], {
    cwd: directory,
    env: { ...env, TMPDIR: emptyDirectory() },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  return endsWithTest(child);
}
