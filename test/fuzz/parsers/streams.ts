import { Pieces } from "../../../agent/front/pieces.ts";
import { readEvent } from "../../../agent/front/events.ts";
import { WrongSetting } from "../../../agent/config/fields.ts";
import { readSetup } from "../../../agent/config/setup.ts";
import { readPage, UnreadablePage } from "../../../agent/scrape/page.ts";
import { readEmbedded } from "../../../packages/local-cloud/metrics/embedded.ts";
import { definition as openai } from "../../../validation/protocols/openai.ts";
import { EventReader } from "../../../validation/suite/streams/events.ts";
import { isRecord } from "../../../contract/config/field.ts";
import { demand, unlessRefused, type FuzzedParser } from "../parser.ts";
import { isSame, jsonOf, takenIf, textOf } from "../support.ts";

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

const PAGE = `# HELP vllm:request_success_total Requests.
# TYPE vllm:request_success_total counter
vllm:request_success_total{finished_reason="stop",model_name="a\\"b\\\\c"} 12.0
vllm:request_success_total{finished_reason="abort"} 1 1780000000000
# TYPE latency histogram
latency_bucket{le="0.5"} 3
latency_bucket{le="+Inf"} 4 # {trace_id="x"} 0.6 1780000000.1
latency_sum 1.5e+1
`;
const WANTED = new Set(["vllm:request_success_total", "latency_bucket", "latency_sum"]);
/** A line of a sample, by the formats' own grammar: prometheus.io "Text format details", OpenMetrics 1.0 "ABNF". */
const LABEL = String.raw`[a-zA-Z_]\w*[ \t]*=[ \t]*"(?:[^"\\\n]|\\.)*"`;
const VALUE = String.raw`[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|[Ii]nf(?:inity)?|[Nn]a[Nn]|INF|NAN|INFINITY)`;
const SAMPLE = new RegExp(
  String.raw`^[ \t]*[a-zA-Z_:][\w:]*(?:[ \t]*\{[ \t]*(?:${LABEL}(?:[ \t]*,[ \t]*${LABEL})*[ \t]*,?)?[ \t]*\}[ \t]*|[ \t]+)(${VALUE})(?:[ \t]+[+-]?[\d.]+(?:[eE][+-]?\d+)?)?[ \t]*(?:[ \t]#[ \t].*)?\r?$`,
  "is",
);

const page: FuzzedParser = {
  name: "prometheus-page",
  seeds: [PAGE, `${PAGE}# EOF\n`],
  edits: "text",
  words: [
    ...WANTED,
    "{",
    "}",
    '="',
    '"',
    ",",
    " ",
    "\t",
    "+Inf",
    "NaN",
    "1e5",
    "# TYPE ",
    "# EOF\n",
    "\\n",
    "le",
    "__proto__",
  ],
  take(input) {
    const text = textOf(input);
    return unlessRefused(
      (error) => error instanceof UnreadablePage,
      () => {
        const read = readPage(text, /(^|\n)# EOF\n?$/.test(text), WANTED);
        const lines = text
          .split("\n")
          .filter((line) => WANTED.has(/^[ \t]*([a-zA-Z_:][\w:]*)/.exec(line)?.[1] ?? ""));
        demand(
          read.samples.length === lines.length,
          `it has ${read.samples.length} samples of ${lines.length} lines`,
        );
        for (const [at, line] of lines.entries()) {
          const value = SAMPLE.exec(line)?.[1];
          demand(value !== undefined, `no line of either format: ${line.slice(0, 120)}`);
          const wanted = /inf/i.test(value ?? "")
            ? value?.startsWith("-")
              ? -Infinity
              : Infinity
            : Number(value);
          demand(
            Object.is(read.samples[at]?.value, wanted) || read.samples[at]?.value === wanted,
            `${line.slice(0, 120)} is ${read.samples[at]?.value}`,
          );
          const labels = [...line.matchAll(new RegExp(`(?<!\\w)([a-zA-Z_]\\w*)[ \\t]*=[ \\t]*"`, "g"))].map(
            ([, name]) => name,
          );
          const own = Object.keys(read.samples[at]?.labels ?? {});
          demand(
            own.every((name) => labels.includes(name)),
            "a label came",
          );
          demand(
            !labels.includes("__proto__") || own.includes("__proto__") || !/\{[^"]*__proto__\s*=/.test(line),
            "a label went",
          );
        }
      },
    );
  },
};

const EMBEDDED = JSON.stringify({
  _aws: {
    Timestamp: 1_780_000_000_000,
    CloudWatchMetrics: [
      {
        Namespace: "Models",
        Dimensions: [["Stack", "Slot"], []],
        Metrics: [{ Name: "Wrong", Unit: "Count" }, { Name: "Loss" }],
      },
    ],
  },
  Stack: "a",
  Slot: "blue",
  Wrong: 3,
  Loss: [0.5, 1],
});

const embedded: FuzzedParser = {
  name: "embedded-metrics",
  seeds: [EMBEDDED],
  edits: "json",
  words: [
    "_aws",
    "Timestamp",
    "CloudWatchMetrics",
    "Namespace",
    "Dimensions",
    "Metrics",
    "Name",
    "Unit",
    "AWS/ECS",
    "Count",
  ],
  take(input) {
    const read = readEmbedded(textOf(input));
    if (read?.kind !== "metrics") return "refused";
    const root = jsonOf(textOf(input));
    for (const { series, values } of read.data) {
      const own =
        isRecord(root) && Object.hasOwn(root, series.metricName) ? root[series.metricName] : undefined;
      demand(
        isSame([own].flat(), values),
        `${series.metricName} is ${JSON.stringify(own)} and not ${JSON.stringify(values)}`,
      );
      demand(values.every(Number.isFinite), "a value is no number");
      demand(!series.namespace.startsWith("AWS/"), "a namespace of AWS");
      const names = Object.entries(series.dimensions);
      demand(
        names.every(([name, value]) => isRecord(root) && Object.hasOwn(root, name) && root[name] === value),
        "a dimension is another one",
      );
    }
    demand(
      !/"Dimensions":\[\["__proto__"/.test(textOf(input)) ||
        read.data.every(({ series }) => Object.hasOwn(series.dimensions, "__proto__")),
      "a dimension went",
    );
    return takenIf(read.data.length > 0);
  },
};

const SETUP = JSON.stringify({
  listen: 8081,
  model: { port: 8080 },
  everySeconds: 30,
  scrape: { path: "/metrics", preset: "vllm" },
  front: {},
});
const agentSetup: FuzzedParser = {
  name: "agent-setup",
  seeds: [
    SETUP,
    '{"listen":8081,"model":{"port":"PORT"},"front":{"paths":["/predict"]},"capture":{"sample":0.1}}',
  ],
  edits: "json",
  words: [
    "listen",
    "model",
    "port",
    "scrape",
    "front",
    "capture",
    "shadow",
    "preset",
    "path",
    "everySeconds",
    "sample",
  ],
  take: (input) =>
    unlessRefused(
      (error) => error instanceof WrongSetting,
      () => {
        const read = readSetup({
          AGENT: textOf(input),
          PORT: "8081",
          STACK: "s",
          SLOT: "blue",
          MODEL_VERSION: "1",
          RELEASE: "r",
        });
        demand(read.periodMs >= 100 && read.periodMs <= 60_000, `a period of ${read.periodMs} ms`);
        demand(Number.isInteger(read.modelPort) && read.modelPort > 0 && read.modelPort < 65_536, "no port");
      },
    ),
};

export const STREAMS: readonly FuzzedParser[] = [
  suiteEvents,
  agentPieces,
  endless,
  agentEvent,
  page,
  embedded,
  agentSetup,
];
