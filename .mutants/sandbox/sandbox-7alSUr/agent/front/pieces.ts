import { StringDecoder } from "node:string_decoder";

/** `events`: server-sent events. `lines`: a JSON text a line. `bytes`: whatever it is, it cannot be read. */
export type StreamFormat = "events" | "lines" | "bytes";

/** A longer one is not read as a whole: it counts, and what it says is not known. */
const MOST_CHARACTERS = 1024 * 1024;

/** Undefined: the answer is no stream by what its headers say. */
export function formatOf(contentType: string, encoding: string): StreamFormat | undefined {
  const type = (contentType.split(";", 1)[0] ?? "").trim().toLowerCase();
  const format =
    type === "text/event-stream"
      ? "events"
      : /^application\/(x-ndjson|ndjson|jsonl|x-jsonlines)$/.test(type)
        ? "lines"
        : undefined;
  if (format === undefined) return undefined;
  return encoding === "" || encoding === "identity" ? format : "bytes";
}

/** Takes a stream's bytes as they come and hands on each event whole: the `data` of one, or a line. */
export class Pieces {
  private readonly decoder = new StringDecoder("utf8");
  private readonly format: StreamFormat;
  private readonly onPiece: (data: string) => void;
  private rest = "";
  private data: string[] = [];

  constructor(format: StreamFormat, onPiece: (data: string) => void) {
    this.format = format;
    this.onPiece = onPiece;
  }

  add(bytes: Buffer): void {
    if (this.format === "bytes") {
      if (bytes.length > 0) this.onPiece("…");
      return;
    }
    this.rest += this.decoder.write(bytes);
    // HTML, 9.2.5: a line ends with CR LF, LF or CR; the CR at the very end may be half of one.
    const lines = this.rest.split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.line(line);
    if (this.rest.length > MOST_CHARACTERS) {
      this.onPiece("…");
      this.rest = "";
    }
  }

  /** What has no end of its own yet ends with the stream: clients take it, too. */
  end(): void {
    this.rest = this.rest.replace(/\r$/, "");
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
      this.data = [];
    } else if (line.startsWith("data:")) this.data.push(line.slice(line.startsWith("data: ") ? 6 : 5));
  }
}
