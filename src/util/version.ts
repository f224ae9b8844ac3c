import { readFileSync } from 'node:fs';

// Set by the bundler; absent when the sources run as they are.
declare const KUBEGRAPH_VERSION: string | undefined;

/** This package's version, as in `kubegraph/VERSION`. */
export const version: string =
  typeof KUBEGRAPH_VERSION === 'string' ? KUBEGRAPH_VERSION : versionFromManifest();

declare const KUBEGRAPH_SOURCES: string | undefined;

/** Equal for programs that were built from equal sources; undefined when the sources run as they are. */
export const sources: string | undefined =
  typeof KUBEGRAPH_SOURCES === 'string' ? KUBEGRAPH_SOURCES : undefined;

function versionFromManifest(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return (manifest as { version: string }).version;
}
