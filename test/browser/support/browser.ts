import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { findChromium } from './chromium.ts';
import { type DevTools, speakDevTools } from './devtools.ts';

/** A page in a browser of its own. */
export interface Page {
  /** What an expression is in the page, awaited and through JSON. Rejects with what the page has thrown. */
  evaluate(expression: string): Promise<unknown>;
}

const FLAGS = [
  '--headless',
  '--remote-debugging-pipe',
  // Root may not have one, and what it would guard against does not get in: only the test's own pages are opened.
  '--no-sandbox',
  '--disable-gpu',
  // Containers have little of it.
  '--disable-dev-shm-usage',
  // Room for an editor, which draws only what can be seen.
  '--window-size=1280,960',
  '--no-first-run',
  // It looks for updates, lists of bad sites and so on, which a machine without a way out refuses by the hundred.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Opens a page of this machine. It is gone, with its browser, when the test is. */
export async function openPage(url: string): Promise<Page> {
  const devTools = await startBrowser();
  const { targetId } = (await devTools.call('Target.createTarget', { url: 'about:blank' })) as {
    readonly targetId: string;
  };
  const { sessionId } = (await devTools.call('Target.attachToTarget', { targetId, flatten: true })) as {
    readonly sessionId: string;
  };
  const { errorText } = (await devTools.call('Page.navigate', { url }, sessionId)) as {
    readonly errorText?: string;
  };
  if (errorText !== undefined) throw new Error(`${url} could not be opened: ${errorText}`);
  return { evaluate: (expression) => evaluate(devTools, sessionId, expression) };
}

async function startBrowser(): Promise<DevTools> {
  const chromium = await findChromium();
  const home = await mkdtemp(path.join(tmpdir(), 'kubegraph-browser-'));
  const env = { PATH: process.env['PATH'], HOME: home, ...chromium.env };
  // Its pipes are descriptors 3 and 4. It ends with them, so also when this process is killed.
  const child = spawn(chromium.program, [...FLAGS, `--user-data-dir=${home}`], {
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const devTools = speakDevTools(child.stdio[3] as Writable, child.stdio[4] as Readable);
  onTestFinished(async () => {
    await devTools.call('Browser.close').catch(() => child.kill());
    await ended;
    await rm(home, { recursive: true, force: true });
  });
  return devTools;
}

async function evaluate(devTools: DevTools, sessionId: string, expression: string): Promise<unknown> {
  const parameters = { expression, awaitPromise: true, returnByValue: true };
  const { result, exceptionDetails } = (await devTools.call('Runtime.evaluate', parameters, sessionId)) as {
    readonly result: { readonly value?: unknown; readonly description?: string };
    readonly exceptionDetails?: { readonly text: string };
  };
  if (exceptionDetails === undefined) return result.value;
  throw new Error(`in the page: ${result.description ?? exceptionDetails.text}`);
}
