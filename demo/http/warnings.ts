/** The values of `Warning` headers, one for each text, each text once. */
export class Warnings {
  readonly #texts = new Set<string>();

  add(text: string): void {
    this.#texts.add(text);
  }

  get headers(): { readonly warning?: readonly string[] } {
    return this.#texts.size === 0 ? {} : { warning: [...this.#texts].map(headerValue) };
  }
}

/** Nothing that could end a header early. */
const CONTROL_CHARACTERS = /\p{Cc}/gu;

function headerValue(text: string): string {
  const quoted = text.replace(CONTROL_CHARACTERS, ' ').replace(/["\\]/g, '\\$&');
  // Headers are bytes; Node writes each character as one.
  return `299 - "${Buffer.from(quoted).toString('latin1')}"`;
}
