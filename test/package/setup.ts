import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { PROJECT_DIRECTORY } from './support/artefact.ts';

/** Nothing listens here: whatever wants the network is refused at once. */
const NOWHERE = 'http://127.0.0.1:1';

/** Makes the package as a user does, once for the whole suite: without an account, a home directory or a network. */
export default async function makePackage(): Promise<void> {
  const home = mkdtempSync(path.join(tmpdir(), 'kubegraph-home-'));
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    HTTPS_PROXY: NOWHERE,
    HTTP_PROXY: NOWHERE,
    npm_config_update_notifier: 'false',
  };
  rmSync(path.join(PROJECT_DIRECTORY, '.serverless'), { recursive: true, force: true });
  try {
    await promisify(execFile)('npm', ['run', 'package'], { cwd: PROJECT_DIRECTORY, env });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
