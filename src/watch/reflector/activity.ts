/** What is under way: a request, a stream or a back-off. At most one is. */
export interface Activity {
  readonly signal: AbortSignal;
  /** Runs when the activity is over, for whatever reason. */
  onEnd(action: () => void): void;
  end(): void;
}

export function createActivity(): Activity {
  const controller = new AbortController();
  const { signal } = controller;
  return {
    signal,
    onEnd(action) {
      if (signal.aborted) action();
      else signal.addEventListener('abort', action, { once: true });
    },
    end: () => controller.abort(),
  };
}
