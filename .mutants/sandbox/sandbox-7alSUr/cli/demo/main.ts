/**
 * `npm run demo`: two releases under live traffic on a local cloud of its own; the second one answers wrongly, which its
 * users tell a little later.
 * `npm run demo -- --failing`: the second one fails one request in five.
 * `npm run demo -- --kill`: the rollout of a bad one is killed, and the watchdog moves users back.
 */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { testTools } from "../../validation/adapters/test-route.ts";
import { showError } from "../errors.ts";
import { contextOf } from "../flow.ts";
import { localTarget } from "../stack-target.ts";
import { nameOf } from "../local/engine-choice.ts";
import { localPlace, type LocalPlace } from "../local/place.ts";
import { createReporter } from "../view/reporter.ts";
import { screenOf } from "../view/screen.ts";
import { startCloudProcess, type CloudProcess } from "./cloud-process.ts";
import { figuresOf } from "./figures.ts";
import { startApp } from "./labels.ts";
import { killDemo } from "./kill.ts";
import { stackWithFirstModel } from "./stage.ts";
import { listen, release, type Told } from "./story.ts";
import { timeline } from "./timeline.ts";
import { startTraffic } from "./traffic.ts";

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    kill: { type: "boolean", default: false },
    failing: { type: "boolean", default: false },
  },
});
const SPEED = 45;
const REQUESTS_PER_VIRTUAL_MINUTE = 600;
const SLOW_SECONDS = 1;
/** A signal: answers that turned out to be wrong, of those that users have told of. */
const LABELLED = {
  "signals[0].name": "wrong-answers",
  "signals[0].source.from": "labels",
  "signals[0].source.labelAfterMinutes": 1,
};
// The watchdog has a demo of its own (`-- --kill`); here the rollout moves users back.
const POLICY = {
  "rollout.bakeMinutes": 2,
  "rollout.steps": [10, 50, 100],
  ...(flags.failing ? {} : LABELLED),
  "rollout.minRequests": 100,
  // Minutes of the fast clock: what its steps have to prove is chosen for that.
  "rollout.targetMinutes": 12,
  "rollout.watchdog": false,
};

const say = (text: string) => void process.stderr.write(`${text}\n`);

const BAD = flags.failing
  ? {
      image: "digits:3-flaky",
      what: "in digits:3-flaky one request in five fails",
      hurry:
        "Its pre-traffic tests were skipped in a hurry (rollout --skip-tests); they would have stopped it here",
      isTested: false,
      only: [],
    }
  : {
      image: "digits:3-preprocessing-mismatch",
      what: "digits:3-preprocessing-mismatch answers with 200, fast, and mostly wrong",
      hurry:
        "Its pre-traffic tests stop it (here: test --only accuracy,…); somebody in a hurry rolls it out all the same (rollout --skip-tests)",
      isTested: true,
      // What else there is to test, the good one has shown.
      only: ["accuracy", "accuracy-vs-active", "missing-classes"],
    };

try {
  await (flags.kill ? killDemo({ say, json: flags.json }) : demo());
} catch (error) {
  process.exitCode = showError(error, flags.json);
}

async function demo(): Promise<void> {
  const startedMs = performance.now();
  const place = { ...localPlace(), directory: join(localPlace().root, ".local", "demo") };
  // The demo always begins with nothing; what a person has in .local/ is another cloud.
  await rm(place.directory, { recursive: true, force: true });
  loadEngine();
  const cloud = await startCloudProcess(place, SPEED);
  const engine = nameOf(cloud.endpoint.engine);
  say(`A local AWS emulator on this machine, ${SPEED} times as fast as the clock; engine: ${engine}.`);
  try {
    const { told, answers, picture } = await tell(place, cloud);
    const releases = told.map((one) => figuresOf(one, answers, SPEED));
    const durationSeconds = Math.round((performance.now() - startedMs) / 100) / 10;
    if (flags.json)
      process.stdout.write(
        `${JSON.stringify({ engine: cloud.endpoint.engine.kind, durationSeconds, releases })}\n`,
      );
    else process.stdout.write(`${picture}\n\n${ending(told, releases)}\n`);
  } finally {
    await cloud.stop();
  }
}

/** A second's work, done while the other process starts. What fails here is imported again where it is used, and told there. */
function loadEngine(): void {
  const modules = [
    import("../../packages/pulumi-engine/engine.ts"),
    import("../../packages/local-cloud/provider/awsx.ts"),
    import("@pulumi/pulumi/automation/index.js"),
  ];
  Promise.all(modules).catch(() => {});
}

async function tell(place: LocalPlace, { endpoint }: CloudProcess) {
  // What the demo says comes between, so nothing moves by itself.
  const { everySecond: _, ...still } = screenOf(process.stderr, flags.json);
  const listener = listen(createReporter(still).report);
  const target = await localTarget(place, endpoint);
  const context = await contextOf(target, place, listener);

  say("\n— The stack of infra/, and the first model: digits:1 on blue");
  await stackWithFirstModel(place, endpoint, context, POLICY);
  const outputs = (await context.store.deployed())?.outputs;
  if (outputs === undefined) throw new Error("the stack has no outputs after its first model");

  say(`\n— Users come: ${REQUESTS_PER_VIRTUAL_MINUTE} requests a minute, all along`);
  const traffic = startTraffic({
    url: outputs.url,
    requestsPerSecond: (REQUESTS_PER_VIRTUAL_MINUTE / 60) * SPEED,
    goldenPath: join(place.root, "examples", "digits", "golden.jsonl"),
    withIds: !flags.failing,
  });
  const app = flags.failing ? undefined : startApp(context, traffic);
  try {
    say("\n— A good release: digits:2 goes to the idle slot, is tested there, and is rolled out");
    const tests = testTools(place.root, say);
    const good = await release(context, listener, {
      image: "digits:2",
      version: "2",
      tests,
      skipTests: false,
    });
    say(`\n— A bad release: ${BAD.what}; the roles have swapped`);
    say(`  ${BAD.hurry}`);
    const bad = await release(context, listener, {
      image: BAD.image,
      version: "3",
      tests: BAD.isTested ? tests : undefined,
      only: BAD.only,
      skipTests: true,
    });
    await app?.stop();
    await traffic.stop();
    const told = [good, bad];
    const answers = traffic.answers();
    const slotOf = {
      "1": "blue",
      ...Object.fromEntries(told.map(({ version, slot }) => [version, slot])),
    } as const;
    const picture = timeline({
      answers,
      changes: listener.changes(),
      slotOf,
      speed: SPEED,
      slowSeconds: SLOW_SECONDS,
    });
    return { told, answers, picture };
  } catch (error) {
    await traffic.stop();
    throw error;
  }
}

function ending(
  told: readonly Told[],
  releases: readonly {
    readonly usersRequests: number;
    readonly usersFailedRequests: number;
    readonly failedOnActiveSlot: number;
  }[],
): string {
  const lines = told.map(({ name, outcome, slot, reason }, index) => {
    const { usersRequests = 0, usersFailedRequests = 0 } = releases[index] ?? {};
    const users = `${usersFailedRequests} of ${usersRequests} user requests failed`;
    return `${name} on ${slot}: ${outcome}; ${users}.\n  Why: ${reason}`;
  });
  return [
    ...lines,
    "",
    "Try it yourself:",
    "  npx bluegreen local --speed 30                      # leave it running, go on in another terminal",
    "  npx bluegreen pulumi up                             # the same stack, yours to change",
    "  npx bluegreen deploy digits:1 --model-version 1     # then digits:2, test, rollout, status, revert",
  ].join("\n");
}
