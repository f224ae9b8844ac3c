import type { StubApiServer, StubRequest } from './stub-api-server.ts';
import type { StubReply } from './stub-reply.ts';

/** The second page of a stub's pods, while nobody has answered it. */
export interface HeldPage {
  /** Answers it with this, or as the stub would; and all that come later. */
  readonly release: (reply?: StubReply) => void;
  /** Resolves once it is asked for. */
  readonly asked: Promise<StubRequest>;
}

/** Lets a stub answer the second page of its pods only when it is told to. */
export function holdSecondPage(stub: StubApiServer): HeldPage {
  let release: HeldPage['release'] = () => undefined;
  let ask: (request: StubRequest) => void = () => undefined;
  const asked = new Promise<StubRequest>((resolve) => (ask = resolve));
  const held = new Promise<StubReply | undefined>((resolve) => (release = resolve));
  stub.on('GET', '/api/v1/pods', async (request) => {
    if (request.query['continue'] === undefined) return undefined;
    ask(request);
    return held;
  });
  return { release, asked };
}
