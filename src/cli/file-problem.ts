const PROBLEMS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not do that',
  EPERM: 'this user may not do that',
  EISDIR: 'it is a folder',
  ENOTDIR: 'its path goes through a file',
  EEXIST: 'its path goes through a file',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
  EROFS: 'it is on a read-only file system',
  ENOSPC: 'the disk is full',
  EDQUOT: "this user's share of the disk is used up",
};

/** Why a file cannot be read, in our words: `it does not exist`. */
export function readProblem(error: unknown): string {
  return problem(error, 'it does not exist');
}

/** Why a file cannot be written, in our words: `its folder does not exist`. */
export function writeProblem(error: unknown): string {
  return problem(error, 'its folder does not exist');
}

function problem(error: unknown, missing: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'an unknown error';
  return code === 'ENOENT' ? missing : (PROBLEMS[code] ?? `the system says ${code}`);
}
