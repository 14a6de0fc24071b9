/** More than this in one line or event is no stream of answers, and is not kept. */
export const MOST_CHARACTERS = 1_000_000;

/**
 * Reads `text/event-stream` as it comes, in whatever pieces (WHATWG HTML, 9.2.6): lines end in CR LF, LF or CR, `data` of
 * several lines is one text, what begins with a colon is a comment, and an event without its empty line is none.
 */
export class EventReader {
  readonly #decoder = new TextDecoder();
  #line = "";
  #data: string[] = [];
  #dataCharacters = 0;
  #endedInReturn = false;
  #isTooLong = false;

  /** Whether a line or an event was longer than anybody reads. */
  get isTooLong(): boolean {
    return this.#isTooLong;
  }

  /** Data of each event that these bytes complete. */
  read(bytes: Uint8Array): readonly string[] {
    if (this.#isTooLong) return [];
    let text = this.#decoder.decode(bytes, { stream: true });
    if (text === "") return [];
    // The LF of a CR LF that came in two pieces ends no other line.
    if (this.#endedInReturn && text.startsWith("\n")) text = text.slice(1);
    this.#endedInReturn = text.endsWith("\r") || (text === "" && this.#endedInReturn);
    const lines = text.split(/\r\n|\n|\r/);
    const events: string[] = [];
    for (const [at, part] of lines.entries()) {
      this.#line += part;
      this.#isTooLong = this.#line.length + this.#dataCharacters > MOST_CHARACTERS;
      if (this.#isTooLong) {
        this.#line = "";
        this.#data = [];
        return events;
      }
      if (at === lines.length - 1) break;
      const event = this.#endLine();
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  #endLine(): string | undefined {
    const line = this.#line;
    this.#line = "";
    if (line === "") {
      const data = this.#data;
      this.#data = [];
      this.#dataCharacters = 0;
      return data.length === 0 ? undefined : data.join("\n");
    }
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    if (field !== "data") return undefined;
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    this.#data.push(value);
    this.#dataCharacters += value.length + 1;
    return undefined;
  }
}
