import type { Followed } from '../page/follower.ts';
import { openPage, type Page } from './browser.ts';
import { bundlePageScript } from './page-script.ts';

/** Two subscriptions in one page, and what each has learnt. */
export interface Followers {
  /** One for each transport, by the name of what speaks it. */
  readonly state: () => Promise<{ readonly EventSource: Followed; readonly 'graphql-ws': Followed }>;
}

/**
 * Subscribes twice in a page of the gateway's own: there are no CORS headers for others, and EventSource wants them.
 *
 * @param origin where the gateway listens.
 * @param document a subscription to pods, in the field `pods`, that selects what page/follower.ts reads.
 */
export async function followInPage(origin: string, document: string, variables: object): Promise<Followers> {
  // Any page of that origin does, and this one has no script of its own.
  const page = await openPage(`${origin}/livez`);
  await page.evaluate(await bundlePageScript());
  const args = `${JSON.stringify(document)}, ${JSON.stringify(variables)}`;
  await page.evaluate(`var followers = {
    EventSource: page.followByEventSource(${args}),
    'graphql-ws': page.followByWebSocket(${args}),
  }; undefined`);
  return { state: () => stateOf(page) };
}

async function stateOf(page: Page): ReturnType<Followers['state']> {
  const text = await page.evaluate('JSON.stringify(followers)');
  // The page's script is of the same sources.
  return JSON.parse(String(text)) as Awaited<ReturnType<Followers['state']>>;
}
