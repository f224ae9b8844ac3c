import { describe, expect, test } from 'vitest';
import { ByteQueue } from '../../../../demo/streams/byte-queue.ts';
import { run, type Outcome } from '../../../../demo/streams/shell.ts';

interface Result {
  readonly outcome: Outcome;
  readonly stdout: string;
  readonly stderr: string;
}

async function execute(command: readonly string[], input = ''): Promise<Result> {
  const stdin = new ByteQueue();
  if (input !== '') stdin.push(Buffer.from(input));
  stdin.end();
  const output = { stdout: '', stderr: '' };
  const outcome = await run(command, {
    pod: 'p',
    container: 'a',
    env: { COLOR: 'red' },
    now: () => 0,
    stdin,
    stdout: (data) => (output.stdout += data.toString()),
    stderr: (data) => (output.stderr += data),
  });
  return { outcome, ...output };
}

const exit = (code: number): Outcome => ({ kind: 'exit', code });

test.each([
  [['echo', 'a', 'b'], 'a b\n', 0],
  [['echo', '-n', 'a'], 'a', 0],
  [['env'], 'HOSTNAME=p\nCOLOR=red\n', 0],
  [['date'], 'Thu, 01 Jan 1970 00:00:00 GMT\n', 0],
  [['hostname'], 'p\n', 0],
  [['false'], '', 1],
  [['sh', '-c', 'echo hi'], 'hi\n', 0],
  [['sh', '-c', 'echo "$COLOR" \'$COLOR\'; exit 4; echo no'], 'red $COLOR\n', 4],
  [['/bin/bash', '-c', 'false'], '', 1],
])('%j', async (command, stdout, code) => {
  expect(await execute(command)).toEqual({ outcome: exit(code), stdout, stderr: '' });
});

test('cat gives back what it reads', async () => {
  expect((await execute(['cat'], 'abc')).stdout).toBe('abc');
});

describe('a shell', () => {
  test('reads commands from its input', async () => {
    expect(await execute(['sh'], 'echo one\necho two\nexit 3\necho three\n')).toEqual({
      outcome: exit(3),
      stdout: 'one\ntwo\n',
      stderr: '',
    });
  });

  test('complains about an unknown command and goes on', async () => {
    expect(await execute(['sh', '-c', 'nope; echo on'])).toEqual({
      outcome: exit(0),
      stdout: 'on\n',
      stderr: 'sh: nope: not found\n',
    });
  });

  test('writes to the other output on demand', async () => {
    expect((await execute(['sh', '-c', 'echo bad >&2'])).stderr).toBe('bad\n');
  });
});

test('without a shell an unknown command does not start', async () => {
  expect((await execute(['nope'])).outcome).toEqual({ kind: 'notFound', name: 'nope' });
});

test('bytes that come late are awaited, and those before the end are still read', async () => {
  const queue = new ByteQueue();
  const chunks: string[] = [];
  const reading = (async () => {
    for await (const chunk of queue) chunks.push(chunk.toString());
  })();
  queue.push(Buffer.from('a'));
  queue.push(Buffer.from('b'));
  queue.end();
  queue.push(Buffer.from('too late'));
  await reading;
  expect(chunks).toEqual(['a', 'b']);
});
