import { Pieces } from "../../../agent/front/pieces.ts";
import { readEvent } from "../../../agent/front/events.ts";
import { definition as openai } from "../../../validation/protocols/openai.ts";
import { EventReader } from "../../../validation/suite/streams/events.ts";
import { demand, type FuzzedParser } from "../parser.ts";
import { isSame, takenIf, textOf } from "../support.ts";

const OPENAI = [
  'data: {"choices":[{"delta":{"role":"assistant","content":"Grüße 😀"}}]}\n\n',
  ': comment\r\nevent: x\r\ndata: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}\r\n\r\ndata: [DONE]\r\n\r\n',
  "data: one\ndata: two\rdata\n\rdata:three\n\n",
  'data: {"error":{"message":"no"}}\n\n{"done":false,"response":"x"}\n{"done":true}\n',
];
const WORDS = [
  "data:",
  "data: ",
  "data",
  "event:",
  "id:",
  ":",
  "\n\n",
  "\r\n",
  "\r",
  "\n",
  "[DONE]",
  "😀",
  "é",
  "\uFEFF",
  '{"choices":[]}',
];

/** The data of each event of a whole text: WHATWG HTML 9.2.6, line by line, of a text that is there at once. */
function eventsOf(text: string): readonly string[] {
  const events: string[] = [];
  let data: string[] = [];
  for (const line of text.split(/\r\n|\n|\r/).slice(0, -1)) {
    if (line === "") {
      if (data.length > 0) events.push(data.join("\n"));
      data = [];
      continue;
    }
    const colon = line.indexOf(":");
    const [field, value] = colon < 0 ? [line, ""] : [line.slice(0, colon), line.slice(colon + 1)];
    if (field === "data") data.push(value.startsWith(" ") ? value.slice(1) : value);
  }
  return events;
}

/** The same bytes in pieces: cut once at every place of a short one, and byte by byte; a long one at some places. */
function pieces(input: Buffer): readonly (readonly Buffer[])[] {
  const bytes = Array.from(input.subarray(0, 4000), (_, at) => input.subarray(at, at + 1));
  const step = Math.max(1, Math.floor(input.length / 60));
  const cuts = Array.from({ length: Math.ceil(input.length / step) }, (_, at) => at * step);
  return [[...bytes, input.subarray(4000)], ...cuts.map((at) => [input.subarray(0, at), input.subarray(at)])];
}

const suiteEvents: FuzzedParser = {
  name: "event-reader",
  seeds: OPENAI,
  edits: "text",
  words: WORDS,
  take(input) {
    const wanted = eventsOf(new TextDecoder().decode(input));
    for (const cut of pieces(input)) {
      const reader = new EventReader();
      const events = cut.flatMap((piece) => reader.read(piece));
      demand(
        isSame(events, wanted),
        `in pieces it reads ${JSON.stringify(events)} and not ${JSON.stringify(wanted)}`,
      );
      for (const data of events) {
        const { text, finished } = openai.stream?.event(data) ?? {};
        demand(typeof text === "string" && typeof finished === "boolean", "an event says neither");
      }
    }
    return takenIf(wanted.length > 0);
  },
};

/** What a whole stream has: events, and at its end what has no empty line of its own. */
function agentEventsOf(text: string): readonly string[] {
  return eventsOf(`${text}\n\n`);
}

const agentPieces: FuzzedParser = {
  name: "agent-pieces",
  seeds: OPENAI,
  edits: "text",
  words: WORDS,
  take(input) {
    const text = textOf(input).replace(/^\uFEFF/, "");
    const wanted = {
      events: agentEventsOf(text),
      lines: text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== ""),
    };
    for (const format of ["events", "lines"] as const) {
      for (const cut of pieces(input)) {
        const found: string[] = [];
        const reader = new Pieces(format, (data) => found.push(data));
        for (const piece of cut) reader.add(piece);
        reader.end();
        demand(
          isSame(found, wanted[format]),
          `${format} in pieces are ${JSON.stringify(found)} and not ${JSON.stringify(wanted[format])}`,
        );
      }
    }
    return takenIf(wanted.events.length > 0);
  },
};

const TRICKLE_BYTES = 64;
/** A stream of one line, or one event, that never ends, as a network hands it over. */
const endless: FuzzedParser = {
  name: "endless-streams",
  seeds: ["data: x", "data: x\n", "x", "data\n", ": c\n", "\r", "é", "data: 😀\n"],
  edits: "text",
  words: WORDS,
  take(input) {
    if (input.length === 0 || input.length > 2000) return "refused";
    const piece = Buffer.concat(Array.from({ length: Math.ceil(TRICKLE_BYTES / input.length) }, () => input));
    let kept = 0;
    const agent = new Pieces("events", (data) => (kept = Math.max(kept, data.length)));
    const suite = new EventReader();
    for (let bytes = 0; bytes < 1.1 * 1024 * 1024; bytes += piece.length) {
      agent.add(piece);
      for (const data of suite.read(piece))
        demand(data.length <= 1_000_000, "an event is longer than anybody reads");
    }
    agent.end();
    demand(kept <= 1.2 * 1024 * 1024, `an event of ${kept} characters was kept`);
    return "accepted";
  },
};

const agentEvent: FuzzedParser = {
  name: "agent-event",
  seeds: [
    '{"choices":[{"delta":{"content":"a","tool_calls":[{"function":{"name":"f","arguments":"{}"}}]},"finish_reason":null}]}',
    '{"type":"response.output_text.delta","delta":"a"}',
    '{"type":"content_block_delta","delta":{"text":"a"}}',
    '{"response":"a","done":false,"message":{"content":"b"}}',
    '{"token":{"text":"a"},"generated_text":null}',
    "[DONE]",
  ],
  edits: "json",
  words: ["choices", "delta", "type", "done", "error", "finish_reason", "message_stop"],
  take(input) {
    const { text, hasEnd, isEnd, isError } = readEvent(textOf(input));
    demand(typeof text === "string", "an event has no text");
    demand((!isEnd && !isError) || hasEnd, "it ends in a protocol that knows no end");
    return takenIf(hasEnd);
  },
};

export const STREAMS: readonly FuzzedParser[] = [suiteEvents, agentPieces, endless, agentEvent];
