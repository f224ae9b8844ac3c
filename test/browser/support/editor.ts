import { expect } from 'vitest';
import { openPage } from './browser.ts';

/** GraphiQL in a browser of its own. */
export interface Editor {
  /** Presses its button. */
  readonly run: () => Promise<void>;
  /** What it shows beside the document; undefined while that is nothing whole. */
  readonly result: () => Promise<unknown>;
}

const BUTTON = "document.querySelector('.graphiql-execute-button')";
const RESULT = "document.querySelector('.result-window')";
const FIRST_LINE = "document.querySelector('.graphiql-editor .view-line')";

/** Opens it with a document, and resolves when it can be run. */
export async function openEditor(url: string, document: string): Promise<Editor> {
  const page = await openPage(`${url}?query=${encodeURIComponent(document)}`);
  // The button is there before it has anything to run.
  const ready = `${RESULT} !== null && (${FIRST_LINE}?.innerText ?? '') !== ''`;
  await expect.poll(() => page.evaluate(ready), { timeout: 60_000, interval: 100 }).toBe(true);
  return {
    run: async () => {
      await page.evaluate(`${BUTTON}.click()`);
    },
    result: async () => {
      // It draws spaces that do not break.
      const text = String(await page.evaluate(`${RESULT}.innerText`)).replaceAll('\u00a0', ' ');
      try {
        return JSON.parse(text) as unknown;
      } catch (error) {
        if (error instanceof SyntaxError) return undefined;
        throw error;
      }
    },
  };
}
