export interface ReadEvent {
  readonly type: string;
  readonly data: string;
  /** The last one that the stream has named so far. */
  readonly id: string;
}

/** Reads an event stream as the HTML standard has it, from texts of any length. */
export class EventReader {
  /** The last hint of how long to wait before coming back, in milliseconds. */
  retry: number | undefined;
  /** How many comments there were. */
  comments = 0;
  readonly #decoder = new TextDecoder();
  readonly #fields = { type: '', data: '', id: '' };
  #text = '';

  /** The events that are complete now. */
  read(bytes: Uint8Array): readonly ReadEvent[] {
    this.#text += this.#decoder.decode(bytes, { stream: true });
    const lines = this.#text.split(/\r\n|\r(?!$)|\n/);
    this.#text = lines.pop() ?? '';
    return lines.flatMap((line) => (line === '' ? this.#dispatch() : this.#field(line)));
  }

  #field(line: string): readonly [] {
    const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name === '') this.comments++;
    else if (name === 'event') this.#fields.type = value;
    else if (name === 'data') this.#fields.data += `${value}\n`;
    else if (name === 'id' && !value.includes('\0')) this.#fields.id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) this.retry = Number(value);
    return [];
  }

  #dispatch(): readonly ReadEvent[] {
    const { type, data, id } = this.#fields;
    Object.assign(this.#fields, { type: '', data: '' });
    return data === '' ? [] : [{ type: type || 'message', data: data.slice(0, -1), id }];
  }
}
