import { WrongSetting } from "../../../agent/config/fields.ts";
import { readSetup } from "../../../agent/config/setup.ts";
import { readPage, UnreadablePage } from "../../../agent/scrape/page.ts";
import { readEmbedded } from "../../../packages/local-cloud/metrics/embedded.ts";
import { isRecord } from "../../../contract/config/field.ts";
import { demand, unlessRefused, type FuzzedParser } from "../parser.ts";
import { isSame, jsonOf, takenIf, textOf } from "../support.ts";

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
            !labels.includes("__proto__") ||
              own.includes("__proto__") ||
              !/^\s*[\w:]+\s*\{[^"#]*__proto__\s*=/.test(line),
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

export const PAGES: readonly FuzzedParser[] = [page, embedded, agentSetup];
