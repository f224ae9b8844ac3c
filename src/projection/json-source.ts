import { QUOTE } from './json-bytes.ts';

/** The bytes being scanned. Scanning starts anywhere in them; nothing is read at or behind `end`. */
export class JsonSource {
  bytes: Buffer = Buffer.alloc(0);
  end = 0;
  /**
   * Where the last quote is, or -1. A search for a quote that starts before it must end: this spares the innermost loop
   * the check against `end`.
   */
  lastQuote = -1;
  /** Where a scan that ran out of bytes goes on once there are more, and how many containers were open there. */
  resumeAt = 0;
  resumeOpen = 0;

  /** Scan other bytes. */
  load(bytes: Buffer): void {
    this.bytes = bytes;
    this.end = bytes.length;
    this.lastQuote = bytes.lastIndexOf(QUOTE);
  }
}
