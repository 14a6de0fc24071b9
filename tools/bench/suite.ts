/**
 * `npm run bench:suite -- --json`: what the pre-traffic tests are worth. Protocols that are known by recorded answers,
 * real servers that go through a release (`npm run test:servers:setup` first), faulty models that are stopped by the check that is
 * meant for them, and good ones that pass on a busy machine. `--only faults,good` leaves the rest out; `--examples
 * digits,text` and `--runs 20` say which faulty models, and how often each.
 */
import { execFile } from "node:child_process";
import { parseArgs, promisify } from "node:util";
import { without } from "../../test/servers/support/environments.ts";
import { tryFaults } from "./suite/faults.ts";
import { tryProtocols } from "./suite/protocols.ts";
import { tryServers } from "./suite/servers.ts";

const PARTS = ["protocols", "servers", "faults", "good"];
const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    runs: { type: "string", default: "20" },
    only: { type: "string", default: PARTS.join(",") },
    examples: { type: "string", default: "digits,text,regression" },
  },
});
const runs = Number(flags.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error("--runs takes a whole number from 1");
const parts = flags.only.split(",");
const unknown = parts.filter((part) => !PARTS.includes(part));
if (unknown.length > 0) throw new Error(`--only takes ${PARTS.join(", ")}, not ${unknown.join(", ")}`);

const result = {
  ...(parts.includes("protocols") ? await tryProtocols() : {}),
  ...(parts.includes("servers") ? { servers: await tryServers() } : {}),
  ...(parts.includes("faults") ? await faults() : {}),
  ...(parts.includes("good") ? await good() : {}),
};
console.log(flags.json ? JSON.stringify(result) : JSON.stringify(result, undefined, 2));

/** A faulty model counts as stopped when the check that is meant for it failed in each of its runs. */
async function faults() {
  const isThere = (example: string) => example !== "regression" || without(["mlserver"]) === "";
  const asked = flags.examples.split(",");
  for (const one of asked.filter((example) => !isThere(example))) {
    console.error(`${one} is left out: npm run test:servers:setup mlserver`);
  }
  const tried = await tryFaults(asked.filter(isThere), runs);
  const stopped = tried.filter((one) => one.stopped === one.runs).length;
  const isKept = (one: (typeof tried)[number]) => one.stopped + one.insufficient === one.runs;
  const insufficient = tried.filter(isKept).length - stopped;
  return { faults: { tried: tried.length, stopped, insufficient, each: tried } };
}

/** As bench:isolated measures it. Its runs are those of the default suite on the example. */
async function good() {
  const words = ["tools/bench/isolated.ts", "--json", "--runs", String(runs)];
  const { stdout } = await promisify(execFile)(process.execPath, words, { maxBuffer: 10_000_000 });
  // Its last line, of the shape that it prints.
  const isolated = JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as {
    readonly runs: number;
    readonly passed: number;
    readonly replays: number;
    readonly failed: number;
    readonly complete: readonly { readonly seconds: number }[];
  };
  const seconds = isolated.complete.map((run) => run.seconds).toSorted((a, b) => a - b);
  return {
    good: {
      runs: isolated.runs,
      passed: isolated.passed,
      replays: isolated.replays,
      replaysFailed: isolated.failed,
    },
    defaultSuiteSeconds: seconds[Math.floor(seconds.length / 2)],
  };
}
