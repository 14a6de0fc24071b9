import { StringDecoder } from "node:string_decoder";

/**
 * `events`: server-sent events. `lines`: a JSON text a line. `bytes`: whatever it is, in the open. `packed`: it cannot be
 * read.
 */
export type StreamFormat = "events" | "lines" | "bytes" | "packed";

/** A longer one is not read as a whole: it counts, and what it says is not known. */
const MOST_CHARACTERS = 1024 * 1024;

/** Undefined: the answer is no stream by what its headers say, and its path is none that is named as one. */
export function formatOf(contentType: string, encoding: string, isNamed: boolean): StreamFormat | undefined {
  const type = (contentType.split(";", 1)[0] ?? "").trim().toLowerCase();
  const format =
    type === "text/event-stream"
      ? "events"
      : /^application\/(x-ndjson|ndjson|jsonl|x-jsonlines)$/.test(type)
        ? "lines"
        : isNamed
          ? "bytes"
          : undefined;
  if (format === undefined) return undefined;
  return /^\s*(identity\s*)?$/i.test(encoding) ? format : "packed";
}

/** Takes a stream's bytes as they come and hands on each event whole: the `data` of one, or a line. */
export class Pieces {
  private readonly decoder = new StringDecoder("utf8");
  private readonly format: StreamFormat;
  private readonly onPiece: (data: string) => void;
  private rest = "";
  private data: string[] = [];
  private dataCharacters = 0;
  private isAtBegin = true;
  private endedInReturn = false;

  constructor(format: StreamFormat, onPiece: (data: string) => void) {
    this.format = format;
    this.onPiece = onPiece;
  }

  add(bytes: Buffer): void {
    if (this.format === "bytes" || this.format === "packed") {
      if (bytes.length > 0) this.onPiece("…");
      return;
    }
    let text = this.decoder.write(bytes);
    if (text === "") return;
    // HTML, 9.2.5: one byte order mark at the begin is none of the stream.
    if (this.isAtBegin && text.startsWith("\uFEFF")) text = text.slice(1);
    this.isAtBegin = false;
    // The LF of a CR LF that came in two pieces ends no other line.
    if (this.endedInReturn && text.startsWith("\n")) text = text.slice(1);
    this.endedInReturn = text.endsWith("\r");
    // What came before is not looked at again: a line without an end would take the more time the longer it gets.
    const [first = "", ...others] = text.split(/\r\n|\n|\r/);
    this.rest += first;
    for (const other of others) {
      this.line(this.rest);
      this.rest = other;
    }
    if (this.rest.length > MOST_CHARACTERS) {
      this.onPiece("…");
      this.rest = "";
    }
  }

  /** What has no end of its own yet ends with the stream: clients take it, too. */
  end(): void {
    this.rest += this.decoder.end();
    if (this.rest !== "") this.line(this.rest);
    if (this.format === "events") this.line("");
  }

  private line(line: string): void {
    if (this.format === "lines") {
      if (line.trim() !== "") this.onPiece(line);
      return;
    }
    if (line === "") {
      if (this.data.length > 0) this.onPiece(this.data.join("\n"));
      this.forget();
      return;
    }
    // A field without a colon is one with an empty value.
    const value =
      line === "data" ? "" : line.startsWith("data:") ? line.slice(5).replace(/^ /, "") : undefined;
    if (value === undefined) return;
    this.data.push(value);
    this.dataCharacters += value.length + 1;
    if (this.dataCharacters <= MOST_CHARACTERS) return;
    this.onPiece("…");
    this.forget();
  }

  private forget(): void {
    this.data = [];
    this.dataCharacters = 0;
  }
}
