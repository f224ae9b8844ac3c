import { randomUUID } from 'node:crypto';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { CommandFailure, UsageError } from './command.ts';
import { writeProblem } from './file-problem.ts';

/** Writes a text to a file, or to stdout. Rejects with a UsageError, or CommandFailure, when it cannot be written. */
export async function writeOutput(file: string | undefined, pieces: Iterable<string>): Promise<void> {
  if (file === undefined) await writeToStdout(pieces);
  else await replaceFile(file, pieces);
}

async function writeToStdout(pieces: Iterable<string>): Promise<void> {
  const { stdout } = process;
  // Told to the write that failed; without a listener it would end the process as well.
  const ignore = (): void => undefined;
  stdout.on('error', ignore);
  for (const piece of pieces) {
    const error = await new Promise<NodeJS.ErrnoException | null | undefined>((resolve) => {
      stdout.write(piece, resolve);
    });
    // Whoever reads may have enough, as `head` has: that is no failure.
    if (error?.code === 'EPIPE') return;
    if (error) throw new CommandFailure(`stdout cannot be written: ${writeProblem(error)}`);
  }
  stdout.off('error', ignore);
}

/** Nobody shall find half a file: it is written beside its place, and then put there. */
async function replaceFile(file: string, pieces: Iterable<string>): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() === false) throw new UsageError(`--output ${file} is no file`);
  // A link stays one.
  const place = await realpath(file).catch(() => file);
  const temporary = `${place}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, pieces);
    await rename(temporary, place);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new UsageError(`--output ${file} cannot be written: ${writeProblem(error)}`);
  }
}
