/**
 * Reads the tokens of a JSON text that is known to be valid. Parsed values have lost what Kubernetes looks at: duplicate
 * members, and how numbers were written.
 */
export class JsonReader {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The first character of the value that comes next. */
  peek(): string {
    this.#skipSpace();
    return this.#text.charAt(this.#position);
  }

  /** Reads an object. `read` must read or skip the value of each member. */
  object(read: (key: string) => void): void {
    this.#list('}', () => {
      const key = this.string();
      this.#skipSpace();
      this.#position++;
      read(key);
    });
  }

  /** Reads an array. `read` must read or skip each item. */
  array(read: (index: number) => void): void {
    let index = 0;
    this.#list(']', () => read(index++));
  }

  /** Reads a number, a boolean or null as it is written. */
  scalar(): string {
    return this.#match(/[^\s,\]}]*/y);
  }

  string(): string {
    return JSON.parse(this.#match(/"(?:[^"\\]|\\.)*"/y)) as string;
  }

  skip(): void {
    switch (this.peek()) {
      case '{':
        this.object(() => this.skip());
        return;
      case '[':
        this.array(() => this.skip());
        return;
      case '"':
        this.#match(/"(?:[^"\\]|\\.)*"/y);
        return;
      default:
        this.scalar();
    }
  }

  #list(end: string, read: () => void): void {
    this.#skipSpace();
    this.#position++;
    if (this.peek() === end) {
      this.#position++;
      return;
    }
    for (;;) {
      this.#skipSpace();
      read();
      this.#skipSpace();
      if (this.#text.charAt(this.#position++) !== ',') return;
    }
  }

  #skipSpace(): void {
    this.#match(/\s*/y);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#position;
    const [match = ''] = pattern.exec(this.#text) ?? [];
    this.#position += match.length;
    return match;
  }
}
