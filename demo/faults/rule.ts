/** When something goes wrong, and what. Rules are plain data, so that a failing one can be printed and armed again. */
export interface Rule {
  /** Which requests may be struck. Default: all. */
  readonly on?: Target;
  /** Which of them are. Default: each. */
  readonly when?: Occasion;
  readonly fault: Fault;
}

/** All that is named has to fit. */
export interface Target {
  /** `get`, `list`, `watch`, `create`, … For paths outside of resources, such as discovery: `get`. */
  readonly verb?: string | readonly string[];
  /** The plural, as in paths. */
  readonly resource?: string | readonly string[];
  /** Empty for core. */
  readonly group?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** `stream`: watches, followed logs. `unary`: everything that is answered as a whole. */
  readonly mode?: 'stream' | 'unary';
  /** The beginning of the path: `/openapi`. */
  readonly path?: string;
}

/** All that is given has to hold. */
export interface Occasion {
  /** Only the n-th request that fits, counted from 1 since the rule was armed. */
  readonly nth?: number;
  /** With this probability, from 0 to 1. */
  readonly chance?: number;
  /** Not more often than this. */
  readonly times?: number;
}

/** A number, or one from here to there, both included, as chance will have it. */
export type Amount = number | readonly [from: number, to: number];

interface AfterLines {
  /** How many lines of a watch pass unharmed. Default 0. Answers that are no watch are struck at once. */
  readonly after?: Amount;
}

export type Fault =
  /** Nothing is done, and this is answered: as a `Status`, or as the plain text of something on the way. */
  | {
      readonly kind: 'refuse';
      readonly code: 410 | 429 | 500 | 503;
      readonly as?: 'status' | 'text';
      /** Sent as `Retry-After`. */
      readonly retryAfterSeconds?: number;
    }
  /** A watch ends with an ERROR event. */
  | ({ readonly kind: 'errorEvent'; readonly code: 410 | 429 | 500 | 503 } & AfterLines)
  /** The next line of a watch, or the body of another answer, arrives by half. Default end: `abort`. */
  | ({ readonly kind: 'cut'; readonly end?: 'clean' | 'abort' } & AfterLines)
  /** The answer ends cleanly and early, between two lines. */
  | ({ readonly kind: 'end' } & AfterLines)
  /** The answer arrives byte by byte. */
  | { readonly kind: 'slice' }
  /**
   * The connection is reset, and all requests on it are lost. `request`: before anything is done. `answer` (default):
   * when it has been done, instead of the answer or in the middle of the watch.
   */
  | ({ readonly kind: 'reset'; readonly at?: 'request' | 'answer' } & AfterLines)
  /**
   * Nothing more is sent, and nothing is closed, though the work is done. `connection`: nor on any other stream. Default
   * `stream`.
   */
  | ({ readonly kind: 'halfOpen'; readonly of?: 'stream' | 'connection' } & AfterLines)
  /**
   * A server that lags behind. Reads answer what they answered first since the rule was armed, to the byte; watches say
   * that they have not got to the position yet.
   */
  | { readonly kind: 'stale' }
  /**
   * After a line, so many of the latest events of this watch, or of earlier ones like it, come once more. Default 5.
   * Initial events are a list, in which nothing comes twice: none of them do, and nothing does before their end.
   */
  | ({ readonly kind: 'replay'; readonly events?: Amount } & AfterLines)
  /** Bookmarks do not come. `all`: nor does the one that ends the initial events. Default `regular`. */
  | { readonly kind: 'noBookmarks'; readonly of?: 'regular' | 'all' }
  /** The answer arrives in so many pieces (default 4; a watch: line by line), with a pause before each (default 1 s). */
  | { readonly kind: 'slow'; readonly pieces?: number; readonly pauseMs?: Amount }
  /** The next line of a watch, or the body of another answer, is blown up to at least so many bytes. It stays valid. */
  | ({ readonly kind: 'oversize'; readonly bytes: number } & AfterLines)
  /** The server is killed and comes back after a while (default: at once). Needs `Faults.attach`. */
  | ({ readonly kind: 'restart'; readonly pauseMs?: Amount } & AfterLines)
  /** The server is killed and comes back with other certificates and tokens. Needs `Faults.attach`. */
  | ({ readonly kind: 'rotate' } & AfterLines);
