import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { showSplit, splitOf } from "../../contract/route/split.ts";
import { readLive, requireDeployed } from "../../validation/stack/apply.ts";
import type { Context } from "../../validation/ports.ts";
import { status } from "../../validation/insight/status.ts";
import { step } from "../../validation/rollout/step.ts";
import { contextOf } from "../flow.ts";
import { localTarget } from "../stack-target.ts";
import { localPlace, type LocalPlace } from "../local/place.ts";
import { createReporter } from "../view/reporter.ts";
import { startCloudProcess, type CloudProcess } from "./cloud-process.ts";
import { deployModel, stackWithFirstModel } from "./stage.ts";
import type { ShareChange } from "./story.ts";
import { timeline } from "./timeline.ts";
import { failed, startTraffic, type Answer } from "./traffic.ts";

const SPEED = 30;
const REQUESTS_PER_VIRTUAL_MINUTE = 600;
// Shifts 30 % first, so that the candidate's failures are many enough to be seen by the eye.
const POLICY = {
  "rollout.steps": [30, 100],
  "rollout.bakeMinutes": 5,
  "rollout.minRequests": 100,
  "rollout.targetMinutes": 12,
};
const ONCE = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;

/** What `npm run demo -- --kill --json` prints. */
interface KillFigures {
  /** From the first failure that a user saw to the share being 0. */
  readonly virtualSecondsFirstFailureToZero: number | null;
  readonly failedRequests: number;
  readonly requests: number;
  /** Why, as the watchdog left it in the route's tags. */
  readonly reason: string;
  /** Exit code of the `step` that brings Pulumi's state in line afterwards. */
  readonly stepExitCode: number;
  readonly releaseState: string;
}

/** A bad model is being rolled out when its rollout is killed; nobody is left but the watchdog. */
export async function killDemo(options: {
  readonly say: (text: string) => void;
  readonly json: boolean;
}): Promise<void> {
  const { say, json } = options;
  const place = { ...localPlace(), directory: join(localPlace().root, ".local", "demo") };
  await rm(place.directory, { recursive: true, force: true });
  say(`A local AWS emulator on this machine, ${SPEED} times as fast as the clock.`);
  const cloud = await startCloudProcess(place, SPEED);
  try {
    const { picture, figures } = await tell(place, cloud, say);
    process.stdout.write(json ? `${JSON.stringify(figures)}\n` : `${picture}\n\n${ending(figures)}\n`);
  } finally {
    await cloud.stop();
  }
}

async function tell(place: LocalPlace, { endpoint }: CloudProcess, say: (text: string) => void) {
  const quiet = { write: (text: string) => void process.stderr.write(text), isTTY: false, columns: 80 };
  const target = await localTarget(place, endpoint);
  const context = await contextOf(target, place, createReporter(quiet));
  say("\n— The stack of infra/ with its watchdog, and the first model: digits:1 on blue");
  await stackWithFirstModel(place, endpoint, context, POLICY);
  const { outputs } = await requireDeployed(context);
  const traffic = startTraffic({
    url: outputs.url,
    requestsPerSecond: (REQUESTS_PER_VIRTUAL_MINUTE / 60) * SPEED,
    goldenPath: join(place.root, "examples", "digits", "golden.jsonl"),
  });
  try {
    say(
      "\n— digits:3-flaky, in which one request in five fails, goes to green; its rollout begins, untested",
    );
    await deployModel(context, "digits:3-flaky", "3");
    const changes: ShareChange[] = [];
    const now = (shares: ShareChange["shares"], note: string) =>
      void changes.push({ realMs: Date.now(), shares, note });
    await killedRollout(place, context);
    now(splitOf("blue", 30), "v3 starts at 30 %; its rollout is killed with SIGKILL");
    say("\n— The rollout is dead: nobody looks at the candidate any more");
    await untilShifted(context, 0);
    now(splitOf("blue", 0), "the watchdog moved users back");
    const backMs = Date.now();
    const seen = await status(context);
    for (const line of seen.drift) say(`  ${line}`);
    say("\n— The next `npx bluegreen step` brings Pulumi's state in line");
    const completed = await step(context, ONCE);
    await traffic.stop();
    const answers = traffic.answers();
    const slotOf = { "1": "blue", "3": "green" } as const;
    const picture = timeline({ answers, changes, slotOf, speed: SPEED, slowSeconds: 1 });
    return { picture, figures: figuresOf(answers, backMs, completed) };
  } catch (error) {
    await traffic.stop();
    throw error;
  }
}

/** Starts the rollout as a person would, and kills it as soon as the candidate has users. */
async function killedRollout(place: LocalPlace, context: Context): Promise<void> {
  const main = join(place.root, "cli", "main.ts");
  const rollout = spawn(process.execPath, [main, "rollout", "--skip-tests", "--stack", "local"], {
    cwd: place.root,
    env: { ...process.env, BLUEGREEN_LOCAL_DIRECTORY: place.directory },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exited = once(rollout, "exit");
  let lastWords = "";
  rollout.stderr.on("data", (chunk: Buffer) => {
    lastWords = `${lastWords}${chunk.toString()}`.slice(-2_000);
  });
  try {
    const started = await Promise.race([untilShifted(context, 30), exited.then(() => "exited" as const)]);
    if (started === "exited") throw new Error(`the rollout ended by itself: ${lastWords}`);
  } finally {
    // Also when the candidate never got users: nothing of the demo goes on after it.
    rollout.kill("SIGKILL");
    await exited;
  }
}

const WAIT_MS = 60_000;

/** Waits until green has this share on the route. */
async function untilShifted(context: Context, percent: number): Promise<void> {
  const untilMs = Date.now() + WAIT_MS;
  for (;;) {
    const deployed = await context.store.deployed();
    const live = deployed && (await readLive(context, deployed));
    if (live?.green === percent) return;
    if (Date.now() > untilMs) {
      throw new Error(`green should have ${percent} % by now, the route has ${live && showSplit(live)}`);
    }
    await context.clock.sleep(1_000);
  }
}

function figuresOf(
  answers: readonly Answer[],
  backMs: number,
  { exitCode, release }: Awaited<ReturnType<typeof step>>,
): KillFigures {
  const first = answers.find(failed);
  const seconds = first && ((backMs - first.realMs) / 1000) * SPEED;
  return {
    virtualSecondsFirstFailureToZero: seconds === undefined ? null : Math.round(seconds),
    failedRequests: answers.filter(failed).length,
    requests: answers.length,
    reason: release?.reason ?? "",
    stepExitCode: exitCode,
    releaseState: release?.state ?? "none",
  };
}

function ending(figures: KillFigures): string {
  const { failedRequests, requests, reason, releaseState } = figures;
  return [
    `digits:3-flaky on green: ${releaseState}; ${failedRequests} of ${requests} user requests failed.`,
    `  Why: ${reason}`,
    `  ${figures.virtualSecondsFirstFailureToZero} s of the cloud's time from the first failure to a share of 0, with no rollout alive.`,
  ].join("\n");
}
