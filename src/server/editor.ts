import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Engine } from '../execution/engine.ts';
import { type KeptCompressed, sentBody } from './kept-compressed.ts';
import type { AuthMode } from './options.ts';

/**
 * What a GET of the endpoint asks of the editor: its page, or one of the page's files. Undefined for everything else. It comes
 * from outside, because functions would carry it for nobody.
 */
export type Editor = (
  request: Pick<IncomingMessage, 'url' | 'headers'>,
  of: { readonly engine: Engine; readonly mode: AuthMode },
) => Promise<KeptCompressed | undefined>;

/**
 * Answers what the editor knows. The page sends whatever is typed into it with the rights of who looks at it: no other site
 * may frame it, and it takes nothing from elsewhere. (The editor writes its styles itself, and has fonts and images in them.)
 */
export async function answerWithEditor(
  request: IncomingMessage,
  response: ServerResponse,
  content: KeptCompressed,
): Promise<void> {
  const { method, headers: asked } = request;
  const header = (name: string): string | undefined => asked[name]?.toString();
  const { status, headers, body } = sentBody({ method, header }, content);
  response.writeHead(status, { ...headers, ...SECURITY_HEADERS });
  if (body === undefined) {
    response.end();
    return;
  }
  // Whoever goes away in the middle is nobody's failure.
  await pipeline(body, response).catch(() => undefined);
}

const SECURITY_HEADERS = {
  'content-security-policy': [
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
} as const;
