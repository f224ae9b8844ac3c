import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { HarnessError } from './errors.ts';
import type { Layout } from './layout.ts';
import type { ClusterState } from './state.ts';

/**
 * Runs kubectl as admin and returns what it printed. Fails with kubectl's own error output. Another user:
 * `['--kubeconfig', state.viewerKubeconfig, …]`.
 *
 * @param input what kubectl reads from standard input, as with `-f -`. Default: nothing.
 */
export function runKubectl(
  layout: Layout,
  state: ClusterState,
  args: readonly string[],
  input = '',
): Promise<string> {
  const [command, program] = state.kubectl;
  const env = {
    ...process.env,
    KUBECONFIG: layout.kubeconfig,
    KUBECACHEDIR: layout.kubectlCache,
    KUBERC: 'off',
  };
  return new Promise((resolve, reject) => {
    const child = spawn(command, [program, ...args], { env, stdio: 'pipe' });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output.stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (output.stderr += chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output.stdout);
      else
        reject(new HarnessError(`kubectl ${args.join(' ')}: ${output.stderr.trim() || `exit code ${code}`}`));
    });
    // kubectl may end before it has read everything; its own message says more than a broken pipe.
    child.stdin.once('error', () => {});
    child.stdin.end(input);
  });
}

/** Writes DIR/kubectl, so that a person can type it without naming a kubeconfig. */
export async function writeKubectlScript(layout: Layout, state: ClusterState): Promise<void> {
  const script = [
    '#!/bin/sh',
    `export KUBECONFIG=${quote(layout.kubeconfig)} KUBECACHEDIR=${quote(layout.kubectlCache)} KUBERC=off`,
    `exec ${state.kubectl.map(quote).join(' ')} "$@"`,
    '',
  ].join('\n');
  await writeFile(layout.kubectlScript, script, { mode: 0o755 });
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
