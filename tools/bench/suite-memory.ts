// What `test` keeps in memory of so many examples: node tools/bench/suite-memory.ts [--json]
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parseConfig } from "../../contract/config/parse.ts";
import { definition as bluegreen } from "../../validation/protocols/bluegreen.ts";
import type { Ask } from "../../validation/protocols/ask.ts";
import type { Example } from "../../validation/suite/golden.ts";
import { runSuite } from "../../validation/suite/run.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");
const { values: flags } = parseArgs({ options: { json: { type: "boolean", default: false } } });

const MEGABYTE = 1024 * 1024;
const SIZES = [1_000, 10_000, 100_000] as const;
const FEATURES = 8;
/** One answer in ten is wrong. */
const WRONG = 10;

const heapBytes = () => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

const parsed = parseConfig({ suite: JSON.stringify({ measureSeconds: 3600 }) });
if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
const policy = parsed.config.suite;
const model = {
  predictPath: "/predict",
  healthPath: "/health",
  metadataPath: "/metadata",
  inputs: [],
  contentType: "application/json",
};
const speaker = { protocol: bluegreen, model };
let nth = 0;
const ask: Ask = async (slot, { path }) => {
  nth += 1;
  const modelVersion = slot === "blue" ? "1" : "2";
  const body =
    path === "/predict" ? { prediction: nth % WRONG === 0 ? 1 : 0, modelVersion } : { modelVersion };
  // As a real server says it: a text of its own.
  return {
    status: 200,
    seconds: 0.001,
    text: JSON.stringify({ ...body, id: nth, padding: "x".repeat(200) }),
  };
};

async function measured(count: number) {
  const examples: Example[] = Array.from({ length: count }, (_, at) => {
    return {
      input: { features: Array.from({ length: FEATURES }, (_, place) => at + place / FEATURES) },
      label: 0,
    };
  });
  const before = heapBytes();
  const startMs = performance.now();
  let mostBytes = before;
  const result = await runSuite(
    ask,
    {
      sides: { candidate: "green", active: "blue" },
      introductions: {
        speakers: { blue: speaker, green: speaker },
        check: { name: "protocol", answer: "pass", reason: "", numbers: {} },
      },
      versions: { deployed: { blue: "1", green: "2" } },
      healthPath: "/health",
      policy,
      examples,
    },
    {
      wall: () => performance.now(),
      wait: async () => {},
      only: ["accuracy", "latency-vs-active"],
      report: () => {
        mostBytes = Math.max(mostBytes, heapBytes());
      },
    },
  );
  const after = heapBytes();
  const seconds = (performance.now() - startMs) / 1000;
  const bytes = Math.max(mostBytes, after) - before;
  return {
    examples: result.pairs.length,
    seconds: Number(seconds.toFixed(1)),
    keptMegabytes: Number((bytes / MEGABYTE).toFixed(1)),
    bytesPerExample: Math.round(bytes / count),
  };
}

const runs = [];
for (const size of SIZES) runs.push(await measured(size));
if (flags.json) console.log(JSON.stringify({ runs }));
else console.table(runs);
