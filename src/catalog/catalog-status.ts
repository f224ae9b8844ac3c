import type { Identity } from '../cluster/identity.ts';
import { isKubegraphError } from '../errors/kubegraph-error.ts';
import type { Reading } from './freshness/reading.ts';

/**
 * What came of asking the API server: `changed` and `unchanged` are good; `refused` is a caller whose own token may not
 * ask, which says nothing about the API server; `failed` is everything else.
 */
export type RefreshResult = 'changed' | 'unchanged' | 'refused' | 'failed';

/** Health of the catalogue, for `/readyz` and `/metrics`. */
export interface CatalogStatus {
  /** Why the newest refresh failed; undefined while all is well. */
  readonly refreshError: string | undefined;
  /** Group-versions that could not be read when last looked at, in words. */
  readonly problems: readonly string[];
  /** When the API server was last seen, in milliseconds since the epoch; undefined before the first time. */
  readonly readAtMs: number | undefined;
  /** Group-versions that the newest reading has, and those of them whose aggregated API does not answer. */
  readonly groupVersions: number;
  readonly staleGroupVersions: number;
  readonly refreshes: Readonly<Record<RefreshResult, number>>;
}

/** Keeps count of what came of asking. */
export class StatusRecord {
  readonly #refreshes: Record<RefreshResult, number> = { changed: 0, unchanged: 0, refused: 0, failed: 0 };
  #newest: Reading | undefined;
  #refreshError: string | undefined;

  get status(): CatalogStatus {
    const versions = this.#newest?.catalog.discovery.groups.flatMap((group) => group.versions) ?? [];
    return {
      refreshError: this.#refreshError,
      problems: this.#newest?.catalog.discovery.problems ?? [],
      readAtMs: this.#newest?.readAtMs,
      groupVersions: versions.length,
      staleGroupVersions: versions.filter(({ stale }) => stale).length,
      refreshes: { ...this.#refreshes },
    };
  }

  succeeded(reading: Reading, isChanged: boolean): void {
    this.#newest = reading;
    this.#refreshError = undefined;
    this.#refreshes[isChanged ? 'changed' : 'unchanged'] += 1;
  }

  failed(identity: Identity, error: unknown): void {
    if (identity.kind === 'bearer' && isRefusal(error)) {
      this.#refreshes.refused += 1;
      return;
    }
    this.#refreshError = error instanceof Error ? error.message : 'failed';
    this.#refreshes.failed += 1;
  }
}

function isRefusal(error: unknown): boolean {
  return isKubegraphError(error, 'UNAUTHENTICATED') || isKubegraphError(error, 'FORBIDDEN');
}
