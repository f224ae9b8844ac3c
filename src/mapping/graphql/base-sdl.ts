import { readFileSync } from 'node:fs';

// Set by the bundler; absent when the sources run as they are.
declare const KUBEGRAPH_BASE_SDL: string | undefined;

/** The text of `schema/base.graphql`. */
export const baseSdl: string =
  typeof KUBEGRAPH_BASE_SDL === 'string'
    ? KUBEGRAPH_BASE_SDL
    : readFileSync(new URL('../../../schema/base.graphql', import.meta.url), 'utf8');
