/**
 * `npm run bench:labels -- [--runs N] [--json]`: a model that mixes up two classes, and a good one, each rolled out with
 * `--skip-tests` on a local cloud of its own with real requests, whose labels come ten minutes later by `feedback`.
 * Everything is answered with 200 and in time, so nothing but the labels can tell the two apart.
 */
import { parseArgs } from "node:util";
import { sendLateLabels } from "../../test/scenario/support/late-labels.ts";
import { aStack, type Verdict } from "../../test/scenario/support/world.ts";

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    runs: { type: "string", default: "20" },
    speed: { type: "string", default: "30" },
  },
});
const SPEED = Number(flags.speed);
const REQUESTS_A_MINUTE = 300;
const LATE_MINUTES = 10;

interface Release {
  readonly result: string;
  readonly minutes: number;
  readonly labels: number;
  readonly failedRequests: number;
  readonly sentence: string;
}

/** One release in a stack of its own; `minutes` of the cloud's time, the rollout's own start and end among them. */
async function release(image: string): Promise<Release> {
  const world = await aStack({
    speed: SPEED,
    rollout: { bakeMinutes: 20, minRequests: 100 },
    signals: [{ name: "wrong", source: { from: "labels", labelAfterMinutes: LATE_MINUTES + 5 } }],
    blue: { image: "digits:2", modelVersion: "2" },
  });
  try {
    await world.deploy(image, "3");
    const users = world.users(REQUESTS_A_MINUTE);
    const labels = sendLateLabels(world, users, LATE_MINUTES, SPEED);
    const fromMs = performance.now();
    const verdict: Verdict = await world.rollout("--skip-tests");
    const minutes = ((performance.now() - fromMs) / 60_000) * SPEED;
    await users.leave();
    await labels.stop();
    return {
      result: verdict.result ?? `exit code ${verdict.exitCode}`,
      minutes: Math.round(minutes * 10) / 10,
      labels: labels.taken(),
      failedRequests: users.failures().length,
      sentence: verdict.sentence,
    };
  } finally {
    await world.close();
  }
}

const runs = Number(flags.runs);
const [bad, good]: [Release[], Release[]] = [[], []];
for (let run = 0; run < runs; run++) {
  for (const [image, into] of [
    ["digits:3-classes-swapped", bad],
    ["digits:3", good],
  ] as const) {
    const one = await release(image);
    into.push(one);
    console.error(`${run + 1} of ${runs} ${image}: ${JSON.stringify(one)}`);
  }
}
const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
const count = (all: readonly Release[], result: string) => all.filter((one) => one.result === result).length;
const result = {
  labels: { runs, rolledBack: count(bad, "rolledBack"), goodPromoted: count(good, "promoted") },
  medianMinutes: {
    rolledBack: median(bad.map(({ minutes }) => minutes)),
    promoted: median(good.map(({ minutes }) => minutes)),
  },
  usersFailed: [...bad, ...good].reduce((sum, { failedRequests }) => sum + failedRequests, 0),
  releases: { bad, good },
};
if (flags.json) console.log(JSON.stringify(result));
else {
  const { labels, medianMinutes } = result;
  console.log(
    `two classes mixed up: ${labels.rolledBack} of ${runs} rolled back, ${medianMinutes.rolledBack} minutes after the rollout began, with labels ${LATE_MINUTES} minutes late`,
  );
  console.log(
    `a good model: ${labels.goodPromoted} of ${runs} promoted, after ${medianMinutes.promoted} minutes`,
  );
}
