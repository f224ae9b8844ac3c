/** What is wanted of a container's log. */
export interface LogQuery {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** The log of the container's previous run. */
  readonly previous: boolean;
  /** Go on with new lines until the container ends or `signal` aborts. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

export interface LogLine {
  /** Milliseconds since 1970; fractions count. */
  readonly time: number;
  /** Without the line break. */
  readonly text: string;
}

/** Where container output comes from. `life/` writes it; who reads picks, cuts and formats. */
export interface LogSource {
  /**
   * The lines so far, oldest first; with `follow` also those to come. Undefined when there is no such log: the container
   * has not started, or `previous` is asked for and there was no previous run.
   */
  read(
    query: LogQuery,
  ): { readonly past: readonly LogLine[]; readonly future: AsyncIterable<LogLine> } | undefined;
}
