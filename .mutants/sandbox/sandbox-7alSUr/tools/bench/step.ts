/**
 * `npm run bench:step`: milliseconds of one decision over 24 hours of minutes and six metrics, and of one
 * `bluegreen step` on the local cloud: seconds of the process, and calls to AWS that it made.
 */
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { writeEndpoint } from "../../cli/local/endpoint.ts";
import type { LocalPlace } from "../../cli/local/place.ts";
import type { LocalKeys } from "../../packages/local-cloud/access/address.ts";
import { resigned } from "../../test/scenario/support/resign.ts";
import type { ComparisonData } from "../../validation/core/comparison/data.ts";
import { EXIT } from "../../validation/outcome.ts";
import type { Context } from "../../validation/ports.ts";
import { pause } from "../../validation/steering/steering.ts";
import { step } from "../../validation/rollout/step.ts";
import { DAY_MINUTES, dayOfCounts, decideOnce } from "./support/day-of-counts.ts";
import { twoModels } from "./support/two-models.ts";

const MINUTE_MS = 60_000;
const SPEED = 30;
const RUNS = 5;
/** A paused release needs manual action. */
const PAUSED = EXIT.needsPerson;

const { values: flags } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const decision = measureDecision();
const steps = await measureSteps();
const result = {
  ...decision,
  stepMedianSeconds: median(steps.map(({ seconds }) => seconds)),
  callsAtMost: Math.max(...steps.map(({ calls }) => calls.length)),
  steps,
};
if (flags.json) console.log(JSON.stringify(result));
else {
  console.log(
    `a decision over ${DAY_MINUTES} minutes and 6 metrics: ${result.decisionMedianMs} ms, φ of another day of history in two zones included; ${result.withKnownPhiMedianMs} ms without`,
  );
  console.log(
    `bluegreen step: ${result.stepMedianSeconds} s, ${result.callsAtMost} calls to AWS: ${steps[0]?.calls.join(", ")}`,
  );
}

function measureDecision() {
  let state = 1;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const count = (requests: number, rate: number) => {
    let events = 0;
    for (let request = 0; request < requests; request++) events += random() < rate ? 1 : 0;
    return events;
  };
  const data = dayOfCounts(count, [0.02, 0.001, 0.05]);
  const once = (of: ComparisonData) => {
    const fromMs = performance.now();
    decideOnce(of);
    return performance.now() - fromMs;
  };
  const known = { phi: 1.2, bounded: 1.2, assumed: false, events: 1000, minutes: 1000 };
  const names = ["failed", "slow-p90", "slow-p99", ...data.customMetrics.map(({ name }) => name)];
  const withKnownPhi = { ...data, dispersions: new Map(names.map((name) => [name, known])) };
  for (let warm = 0; warm < 20; warm++) [data, withKnownPhi].forEach(once);
  const round = (ms: number) => Math.round(ms * 100) / 100;
  const of = (one: ComparisonData) => round(median(Array.from({ length: 50 }, () => once(one))));
  return { decisionMedianMs: of(data), withKnownPhiMedianMs: of(withKnownPhi) };
}

async function measureSteps() {
  const { place, endpoint, context, users, close } = await twoModels(SPEED);
  const counter = await countingDoor(endpoint);
  const traffic = users(600);
  try {
    await untilSharing(context);
    // On a busy machine the bake would end between two runs, and a step that advances makes a call more.
    await pause(context, "the bench measures steps that watch");
    await context.clock.sleep(6 * MINUTE_MS);
    await writeEndpoint(place, { ...endpoint, url: counter.url });
    const steps = [];
    for (let run = 0; run < RUNS; run++) {
      counter.calls.length = 0;
      const seconds = await runStep(place);
      steps.push({ seconds, calls: [...counter.calls] });
    }
    await writeEndpoint(place, endpoint);
    return steps;
  } finally {
    await traffic.stop();
    await counter.close();
    await close();
  }
}

/** The candidate's first users; before them it may have to wait for an alarm's first verdict. */
async function untilSharing(context: Context): Promise<void> {
  for (let look = 0; look < 60; look++) {
    const { release } = await step(context, {
      start: true,
      startDeadlineMs: Number.POSITIVE_INFINITY,
      agreed: undefined,
      skipTests: true,
    });
    if (release?.state === "running") return;
    await context.clock.sleep(MINUTE_MS / 4);
  }
  throw new Error("the candidate got no users within 15 minutes");
}

/** Runs the command as a job would. */
async function runStep({ root, directory }: LocalPlace): Promise<number> {
  const fromMs = performance.now();
  const child = spawn(
    process.execPath,
    [join(root, "cli", "main.ts"), "step", "--stack", "local", "--json"],
    {
      cwd: root,
      env: { ...process.env, BLUEGREEN_LOCAL_DIRECTORY: directory },
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  const code = await new Promise((resolve) => child.once("exit", resolve));
  if (code !== PAUSED) throw new Error(`step ended with ${String(code)}`);
  return Math.round(performance.now() - fromMs) / 1000;
}

/** A door before the local cloud that writes down which of AWS's operations pass it. */
async function countingDoor(upstream: { readonly url: string } & LocalKeys) {
  const calls: string[] = [];
  const server = createServer((req, res) => {
    const pass = async () => {
      const body = await text(req);
      const target = req.headers["x-amz-target"];
      const action = new URLSearchParams(body).get("Action");
      if (typeof target === "string") calls.push(target.split(".").at(-1) ?? target);
      else if (action !== null) calls.push(action);
      const { method = "GET", headers } = req;
      const answer = await fetch(new URL(req.url ?? "/", upstream.url), {
        method,
        // Node gives names with one text or several; none of those that are passed on has several.
        headers: resigned({ headers, method, body }, upstream) as Record<string, string>,
        ...(body === "" ? {} : { body }),
      });
      res.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "text/plain" });
      res.end(await answer.text());
    };
    pass().catch(() => res.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has a socket address.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.floor(sorted.length / 2)];
  if (value === undefined) throw new Error("nothing was measured");
  return value;
}
