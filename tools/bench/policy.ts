/**
 * `npm run bench:policy`: how long a good model takes from the first user to promotion under the shipped policy, in the
 * cloud's minutes, at 60, 600 and 6,000 requests a minute of real traffic through the local cloud's gateway.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startCloudProcess } from "../../cli/demo/cloud-process.ts";
import { startTraffic } from "../../cli/demo/traffic.ts";
import { contextOf } from "../../cli/flow.ts";
import { localEngine } from "../../cli/local/engine.ts";
import { localPlace } from "../../cli/local/place.ts";
import { deploy } from "../../validation/deploy.ts";
import { rollout } from "../../validation/rollout.ts";

interface Pace {
  readonly requestsPerMinute: number;
  /** Virtual seconds per real second: the more traffic, the slower, so that the machine keeps up. */
  readonly speed: number;
  readonly wantedMinutes: number;
}

const PACES: readonly Pace[] = [
  { requestsPerMinute: 60, speed: 60, wantedMinutes: 90 },
  { requestsPerMinute: 600, speed: 30, wantedMinutes: 60 },
  { requestsPerMinute: 6000, speed: 6, wantedMinutes: 50 },
];
/** Every five seconds of the cloud's time, as the command does. */
const POLL_MS = 5_000;

const { values: flags } = parseArgs({
  options: { json: { type: "boolean", default: false }, only: { type: "string" } },
});
const root = localPlace().root;
const runs = [];
for (const pace of PACES) {
  if (flags.only !== undefined && Number(flags.only) !== pace.requestsPerMinute) continue;
  const run = await measure(pace);
  runs.push(run);
  if (!flags.json) {
    const { requestsPerMinute, minutes, wantedMinutes, result, failedRequests, requests } = run;
    console.log(
      `${requestsPerMinute} a minute: ${result} after ${minutes} min (at most ${wantedMinutes} wanted); ${failedRequests} of ${requests} requests failed`,
    );
  }
}
if (flags.json) console.log(JSON.stringify({ runs }));

async function measure({ requestsPerMinute, speed, wantedMinutes }: Pace) {
  const place = { root, directory: join(root, ".local", "bench") };
  await rm(place.directory, { recursive: true, force: true });
  await mkdir(place.directory, { recursive: true });
  // The shipped policy, but for what `destroy` needs; nothing of the local cloud's own defaults.
  const config = {
    "ml-blue-green:rollout": { protect: false },
    "ml-blue-green:service": { cpu: 256, memory: 512, startupSeconds: 30, drainSeconds: 10 },
  };
  await writeFile(join(place.directory, "Pulumi.local.yaml"), JSON.stringify({ config }));
  const cloud = await startCloudProcess(place, speed);
  try {
    const engine = await localEngine(place, cloud.endpoint);
    const up = await engine.runPulumi(["up", "--yes", "--skip-preview"], { cwd: place.directory });
    if (up.code !== 0) throw new Error(`pulumi up: ${up.stdout}${up.stderr}`);
    const target = {
      kind: "local",
      stack: "local",
      cloud: cloud.endpoint,
      directory: place.directory,
    } as const;
    const context = await contextOf(target, place, { report: () => {} });
    const rest = { minTasks: undefined, maxTasks: undefined, overrides: {} };
    await deploy(context, { image: "digits:1", modelVersion: "1", ...rest });
    await deploy(context, { image: "digits:2", modelVersion: "2", ...rest });
    const url = (await context.store.deployed())?.outputs.url;
    if (url === undefined) throw new Error("the stack has no outputs after its deploys");
    const traffic = startTraffic({
      url,
      requestsPerSecond: (requestsPerMinute / 60) * speed,
      goldenPath: join(root, "examples", "digits", "golden.jsonl"),
    });
    try {
      const fromMs = context.clock.now();
      const { result, sentence } = await rollout(context, { pollMs: POLL_MS, untested: true });
      const minutes = Math.round((context.clock.now() - fromMs) / 6_000) / 10;
      const answers = traffic.answers();
      const failedRequests = answers.filter(({ status }) => status !== 200).length;
      const requests = answers.length;
      return { requestsPerMinute, speed, wantedMinutes, minutes, result, sentence, requests, failedRequests };
    } finally {
      await traffic.stop();
    }
  } finally {
    await cloud.stop();
    await rm(place.directory, { recursive: true, force: true });
  }
}
