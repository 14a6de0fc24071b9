/**
 * `npm run bench:revert`: seconds from the start of the `bluegreen revert` process to the new weights in the
 * gateway, and until Pulumi's state is in line; before and after promotion, five runs each. A second row, five runs
 * in the dark: the engine's state is garbage, no engine can be started, and CloudWatch answers errors.
 */
import { spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { startCloudProcess } from "../../cli/demo/cloud-process.ts";
import { contextOf } from "../../cli/flow.ts";
import { localTarget } from "../../cli/stack-target.ts";
import { localEngine } from "../../cli/local/engine.ts";
import { localPlace } from "../../cli/local/place.ts";
import { writeEndpoint } from "../../cli/local/endpoint.ts";
import { bringStateBack, garbleState } from "../../test/scenario/support/dark.ts";
import { isCloudWatch, openGate } from "../../test/scenario/support/gate.ts";
import { localCredentials } from "../../packages/local-cloud/access/address.ts";
import { deploy } from "../../validation/deploy/deploy.ts";
import { step } from "../../validation/rollout/step.ts";

const RUNS_EACH = 5;
const SPEED = 60;
const LOOK_EVERY_MS = 2;
const NO_ENGINE = join(import.meta.dirname, "..", "..", "test", "scenario", "support", "no-engine.ts");
const EVERYONE_BACK = { blue: 100, green: 0 };
const ONE_LOOK = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;

type Wanted = Readonly<Record<"blue" | "green", number>>;

interface Run {
  readonly when: "beforePromotion" | "afterPromotion" | "inTheDark";
  readonly seconds: number;
  /** Until the process ended: Pulumi is in line, or in the dark told to be pending. */
  readonly reconcileSeconds: number;
}

const { values: flags } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const root = localPlace().root;
const place = { root, directory: join(root, ".local", "bench") };
await rm(place.directory, { recursive: true, force: true });
const cloud = await startCloudProcess(place, SPEED);
try {
  const runs = await measure();
  const dark = runs.filter(({ when }) => when === "inTheDark");
  const light = runs.filter(({ when }) => when !== "inTheDark");
  const medianSeconds = median(light.map(({ seconds }) => seconds));
  const reconcileMedianSeconds = median(light.map(({ reconcileSeconds }) => reconcileSeconds));
  const darkMedianSeconds = median(dark.map(({ seconds }) => seconds));
  const darkLongestSeconds = Math.max(...dark.map(({ seconds }) => seconds));
  const result = { medianSeconds, reconcileMedianSeconds, darkMedianSeconds, darkLongestSeconds, runs };
  if (flags.json) console.log(JSON.stringify(result));
  else {
    console.log(
      `revert: ${medianSeconds} s to the new weights, ${reconcileMedianSeconds} s until Pulumi is in line (median of ${light.length})`,
    );
    console.log(
      `in the dark (no state, no engine, no CloudWatch): ${darkMedianSeconds} s to the new weights (median of ${dark.length}, longest ${darkLongestSeconds} s)`,
    );
  }
} finally {
  await cloud.stop();
  await rm(place.directory, { recursive: true, force: true });
}

async function measure(): Promise<readonly Run[]> {
  const engine = await localEngine(place, cloud.endpoint);
  const pulumi = async (...args: string[]) => {
    const { code, stdout, stderr } = await engine.runPulumi(args, { cwd: place.directory });
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")}: ${stdout}${stderr}`);
  };
  const target = await localTarget(place, cloud.endpoint);
  const context = await contextOf(target, place, { report: () => {} });
  await pulumi("up", "--yes", "--skip-preview");
  const rest = { minTasks: undefined, maxTasks: undefined, overrides: {} };
  await deploy(context, { image: "digits:1", modelVersion: "1", ...rest });
  await deploy(context, { image: "digits:2", modelVersion: "2", ...rest });
  const routeArn = (await context.store.deployed())?.outputs.routeArn;
  if (routeArn === undefined) throw new Error("the stack has no outputs after its deploys");
  const runs: Run[] = [];
  for (let count = 0; count < RUNS_EACH; count += 1) {
    await pulumi("config", "set", "greenWeight", "10");
    await pulumi("up", "--yes", "--skip-preview");
    runs.push({ when: "beforePromotion", ...(await revertOnce(routeArn, 0)) });
    await pulumi("config", "set-all", "--plaintext", "activeSlot=green", "--plaintext", "greenWeight=0");
    await pulumi("up", "--yes", "--skip-preview");
    runs.push({ when: "afterPromotion", ...(await revertOnce(routeArn, 0)) });
    await pulumi("config", "set", "greenWeight", "10");
    await pulumi("up", "--yes", "--skip-preview");
    runs.push({ when: "inTheDark", ...(await inTheDark(routeArn)) });
    const { situation } = await step(context, ONE_LOOK);
    if (situation !== "reverted") throw new Error(`a step after a dark revert found ${situation}`);
  }
  return runs;
}

/** The same while nothing works but the load balancer; afterwards everything else is back as it was. */
async function inTheDark(routeArn: string) {
  const gate = await openGate(cloud.endpoint);
  gate.fail(isCloudWatch);
  await writeEndpoint(place, { ...cloud.endpoint, url: gate.url });
  await garbleState({ place, endpoint: cloud.endpoint });
  try {
    return await revertOnce(routeArn, 20, ["--import", NO_ENGINE]);
  } finally {
    await bringStateBack({ place, endpoint: cloud.endpoint });
    await writeEndpoint(place, cloud.endpoint);
    await gate.close();
  }
}

/** Runs the command as a person would, and watches the route from outside until everyone is back. */
async function revertOnce(routeArn: string, exitCode: number, nodeArguments: readonly string[] = []) {
  const startMs = performance.now();
  const child = spawn(
    process.execPath,
    [...nodeArguments, join(root, "cli", "main.ts"), "revert", "--stack", "local", "--json"],
    {
      cwd: root,
      env: { ...process.env, BLUEGREEN_LOCAL_DIRECTORY: place.directory },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  let told = "";
  child.stderr.on("data", (chunk: Buffer) => (told += chunk.toString()));
  const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const seconds = await shown(routeArn, EVERYONE_BACK, startMs);
  const code = await exit;
  if (code !== exitCode) throw new Error(`revert ended with ${code}: ${told}`);
  return { seconds, reconcileSeconds: secondsSince(startMs) };
}

async function shown(routeArn: string, wanted: Wanted, startMs: number): Promise<number> {
  const credentials = localCredentials(cloud.endpoint);
  const { url: endpoint, region } = cloud.endpoint;
  const client = new ElasticLoadBalancingV2Client({ endpoint, region, credentials });
  const untilMs = startMs + 30_000;
  while (performance.now() < untilMs) {
    const { Rules = [] } = await client.send(new DescribeRulesCommand({ RuleArns: [routeArn] }));
    const groups = Rules[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? [];
    const weightOf = (slot: string) =>
      groups.find(({ TargetGroupArn }) => TargetGroupArn?.includes(`-${slot}-`))?.Weight;
    if (weightOf("blue") === wanted.blue && weightOf("green") === wanted.green) return secondsSince(startMs);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error("the route did not show the reverted split within 30 s");
}

function secondsSince(startMs: number): number {
  return Math.round(performance.now() - startMs) / 1000;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new Error("no run was measured");
  return (low + high) / 2;
}
