/**
 * What `test` keeps in memory of so many examples: node tools/bench/suite-memory.ts [--json]. Each size is a process of its
 * own, which reads a golden set from a file, asks two slots that answer at once, and judges. `heapMegabytes`: most of what
 * was in use after a collection, beyond what was before the file was read. `peakMegabytes`: most that the process ever had
 * (resident set, garbage included).
 */
import { execFile } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { parseConfig } from "../../contract/config/parse.ts";
import { testTools } from "../../validation/adapters/test-route.ts";
import { definition as bluegreen } from "../../validation/protocols/bluegreen.ts";
import type { Ask } from "../../validation/protocols/ask.ts";
import { suiteDigest } from "../../validation/suite/digest.ts";
import { goldenKept } from "../../validation/suite/golden.ts";
import { runSuite } from "../../validation/suite/run.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");
const { values: flags } = parseArgs({
  options: { json: { type: "boolean", default: false }, in: { type: "string" } },
});

const MEGABYTE = 1024 * 1024;
const SIZES = [1_000, 20_000, 100_000] as const;
const LIMITS = ["--max-old-space-size=96", "--max-semi-space-size=4"];
const FEATURES = 8;
/** One answer in ten is wrong. */
const WRONG = 10;

const usedBytes = () => {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

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

/** As somebody writes it: an id, a slice, and features that are no other example's. */
const lineOf = (at: number) =>
  JSON.stringify({
    id: `example-${at}`,
    input: { features: Array.from({ length: FEATURES }, (_, place) => at + place / FEATURES) },
    label: at % 3 === 0 ? 1 : 0,
    slice: { third: String(at % 3) },
  });

/** In a process whose heap has a limit, or its size would say how lazily garbage is collected. */
async function measured(count: number) {
  const directory = mkdtempSync(join(tmpdir(), "bluegreen-memory-"));
  try {
    const file = openSync(join(directory, "golden.jsonl"), "w");
    for (let at = 0; at < count; at += 1) writeSync(file, `${lineOf(at)}\n`);
    closeSync(file);
    const words = [...LIMITS, import.meta.filename, "--in", directory];
    const { stdout } = await promisify(execFile)(process.execPath, words);
    // The shape of what `measuredIn` gives.
    return JSON.parse(stdout) as Awaited<ReturnType<typeof measuredIn>>;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measuredIn(directory: string) {
  const parsed = parseConfig({
    suite: JSON.stringify({ measureSeconds: 3600, goldenSet: "golden.jsonl" }),
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const tools = testTools(directory, () => {});
  const before = usedBytes();
  const startMs = performance.now();
  const { examples, suite: policy } = await goldenKept(tools, parsed.config);
  let mostBytes = usedBytes();
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
      only: ["accuracy", "latency-vs-active", "feature-sensitivity"],
      ...(tools.openScratch === undefined ? {} : { openScratch: tools.openScratch }),
      report: () => {
        mostBytes = Math.max(mostBytes, usedBytes());
      },
    },
  );
  suiteDigest(policy, examples, result.checks);
  const bytes = Math.max(mostBytes, usedBytes()) - before;
  return {
    examples: result.pairs.length,
    seconds: Number(((performance.now() - startMs) / 1000).toFixed(1)),
    heapMegabytes: Number((bytes / MEGABYTE).toFixed(1)),
    peakMegabytes: Number((process.resourceUsage().maxRSS / 1024).toFixed(1)),
  };
}

if (flags.in === undefined) {
  const runs = [];
  for (const size of SIZES) runs.push(await measured(size));
  if (flags.json) console.log(JSON.stringify({ runs }));
  else console.table(runs);
} else {
  console.log(JSON.stringify(await measuredIn(flags.in)));
}
