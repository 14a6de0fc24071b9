import type { Slot } from "../../../contract/slot.ts";
import { isRecord } from "../../../contract/config/field.ts";
import type { AskStream } from "../../protocols/ask.ts";
import type { StreamReading } from "../../protocols/define.ts";
import type { AskedExample, Speaker } from "../../protocols/speaker.ts";
import { EventReader } from "./events.ts";

/** What became of one stream. */
export type StreamEnd =
  | "whole"
  /** It came to an end, or its connection did, before it was whole. */
  | "cut"
  | "stalled"
  /** It was whole, and there was nothing in it. */
  | "empty"
  /** The server answered, and not with a stream. */
  | "no stream"
  | "no answer";

export interface StreamSeen {
  readonly end: StreamEnd;
  /** What a person is told of it. */
  readonly said: string;
  /** Until the first text; undefined: there was none. */
  readonly firstSeconds: number | undefined;
  /** Mean time between pieces of text; undefined: there were fewer than two. */
  readonly gapSeconds: number | undefined;
  /** All of it, up to a limit. */
  readonly text: string;
  /** As the server counts them; undefined: it does not. */
  readonly tokens: number | undefined;
  /** As the server counts them, or one for each piece. */
  readonly tokensPerSecond: number | undefined;
}

/** Of a longer text nobody compares the rest. */
const MOST_TEXT = 100_000;

/** Asks for one answer in pieces and reads it to its end. */
export async function oneStream(
  askStream: AskStream,
  slot: Slot,
  { model }: Speaker,
  stream: StreamReading,
  { input, request }: AskedExample,
): Promise<StreamSeen> {
  const events = new EventReader();
  let [pieces, characters, firstSeconds, lastSeconds] = [0, 0, 0, 0];
  let tokens: number | undefined;
  let text = "";
  let isFinished = false;
  let isClosed = false;
  const own = request === undefined ? undefined : { ...(isRecord(request) ? request : {}), stream: true };
  const question = {
    method: "POST",
    path: model.predictPath,
    contentType: model.contentType,
    body: own === undefined ? stream.body(model, input) : JSON.stringify(own),
  } as const;
  const reply = await askStream(slot, question, (bytes, seconds) => {
    for (const data of events.read(bytes)) {
      if (data === stream.end) {
        isClosed = true;
        continue;
      }
      const event = stream.event(data);
      isFinished ||= event.finished;
      tokens = event.tokens ?? tokens;
      if (event.text === "") continue;
      if (pieces === 0) firstSeconds = seconds;
      lastSeconds = seconds;
      pieces += 1;
      characters += event.text.length;
      if (text.length < MOST_TEXT) text += event.text;
    }
    return !events.isTooLong;
  });
  const isWhole = isFinished && (stream.end === undefined || isClosed);
  const spanSeconds = lastSeconds - firstSeconds;
  const common = {
    firstSeconds: pieces === 0 ? undefined : firstSeconds,
    gapSeconds: pieces < 2 ? undefined : spanSeconds / (pieces - 1),
    text,
    tokens,
    tokensPerSecond: pieces < 2 || spanSeconds <= 0 ? undefined : (tokens ?? pieces) / spanSeconds,
  };
  const seen = (end: StreamEnd, said: string): StreamSeen => ({ end, said, ...common });
  const after = `after ${pieces} pieces, ${characters} characters`;
  if (reply.status === 0) return seen("no answer", reply.text);
  const isStream = reply.contentType.toLowerCase().startsWith("text/event-stream");
  if (reply.status !== 200 || !isStream) {
    return seen("no stream", `${reply.status} ${reply.contentType}: ${reply.text}`);
  }
  if (events.isTooLong) return seen("cut", `a line without an end ${after}`);
  // What was whole before its connection broke was whole.
  if (isWhole) return characters === 0 ? seen("empty", "whole, without any text") : seen("whole", "whole");
  if (reply.end === "stalled") return seen("stalled", `nothing more came ${after}`);
  const missing = isFinished ? `no ${stream.end ?? "end"}` : "no finish";
  return seen("cut", `${reply.end === "closed" ? "ended" : reply.end}, ${missing}, ${after}`);
}
