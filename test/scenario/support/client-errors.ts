import { localClock } from "../../../validation/adapters/clock.ts";
import { aStack, until, type Verdict, type World } from "./world.ts";

const MINUTE_MS = 60_000;
const REQUESTS_PER_MINUTE = 600;
/** As shipped. */
const METRIC_LAG_SECONDS = 120;
/** A rollout on the local cloud looks this often, in seconds of its clock: validation/rollout/poll.ts. */
const LOOK_SECONDS = 5;

export interface Refused {
  readonly release: Verdict;
  /** Seconds of the cloud's clock from the candidate's first share to none. */
  readonly seconds: number;
  /** Whole minutes since the first share that had counted when it was rolled back, in the check of the last one. */
  readonly minutes: number;
  /** Of each version of the model, what users asked, and how much of it was answered with 4xx. */
  readonly asked: number;
  readonly refused: number;
}

/** A release of a model that answers 422 to half of its users, to its end, beside one that answers all of them. */
export async function releaseThatRefuses(speed: number): Promise<Refused> {
  const world = await aStack({
    speed,
    rollout: {
      steps: [10, 25, 50, 100],
      bakeMinutes: 10,
      minRequests: 100,
      maxBlindSpots: [0.2],
      metricLagSeconds: METRIC_LAG_SECONDS,
    },
    blue: { image: "digits:1", modelVersion: "1" },
  });
  try {
    return await release(world);
  } finally {
    await world.close();
  }
}

async function release(world: World): Promise<Refused> {
  const clock = await localClock(world.endpoint.url);
  const command = "node test/scenario/fixtures/odd-model.ts refuses";
  const deployed = await world.run("deploy", "digits:3", "--model-version", "3", "--command", command);
  if (deployed.exitCode !== 0) throw new Error(`deploy: ${deployed.stdout}${deployed.stderr}`);
  const users = world.users(REQUESTS_PER_MINUTE);
  const verb = world.start("rollout", "--skip-tests", "--json");
  const green = async () => (await world.see.live()).green;
  await until(async () => (await green()) > 0);
  const liveMs = clock.now();
  await until(async () => (await green()) !== 10);
  const share = await green();
  const endMs = clock.now();
  const ended = await verb.ended;
  await users.leave();
  if (share !== 0) throw new Error(`the candidate got ${share} %: ${ended.stdout}${ended.stderr}`);
  const answers = users.answers();
  return {
    release: world.verdictOf(ended),
    seconds: Math.round((endMs - liveMs) / 1000),
    minutes: countedMinutes(liveMs, endMs),
    asked: answers.length,
    refused: answers.filter(({ status }) => status >= 400 && status < 500).length,
  };
}

/**
 * How many whole minutes of the share had counted at a check that ended then. A minute counts so long after its end, in
 * the next check: what is decided before that check was decided without it.
 */
function countedMinutes(liveMs: number, endMs: number): number {
  const firstWholeMs = Math.ceil(liveMs / MINUTE_MS) * MINUTE_MS;
  const lastEndMs = endMs - (METRIC_LAG_SECONDS + LOOK_SECONDS) * 1000;
  return Math.max(0, Math.ceil((lastEndMs - firstWholeMs) / MINUTE_MS));
}
