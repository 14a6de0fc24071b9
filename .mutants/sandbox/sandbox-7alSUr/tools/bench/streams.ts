/**
 * `npm run bench:streams -- --runs 20 --json`: releases of a candidate that answers everything with 200 and ends one
 * stream in five in the middle, beside a model that ends none, under 600 streams a minute at a share of 10 %. Real
 * requests through gateway, agent and model; the clock of the cloud is faster. The load balancer sees nothing but good
 * answers. Counted is whether its users are back, and how many whole minutes had counted by then.
 */
import { parseArgs } from "node:util";
import { FIRST_SHARE, firstShare } from "../../test/scenario/support/first-share.ts";
import { aStack } from "../../test/scenario/support/world.ts";
import { startStreamUsers, type StreamCounts } from "./streams/stream-users.ts";

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    runs: { type: "string", default: "20" },
    speed: { type: "string", default: "15" },
  },
});
const [count, speed] = [Number(flags.runs), Number(flags.speed)];
if (!(Number.isInteger(count) && count >= 1 && speed >= 1)) {
  throw new Error("--runs takes a whole number from 1, --speed a number from 1");
}
const STREAMS_A_MINUTE = 600;
const BY_MINUTE = 3;

interface StreamRun extends StreamCounts {
  readonly isAnswered: boolean;
  readonly minutes: number;
  readonly seconds: number;
  readonly result: string | undefined;
  readonly sentence: string;
}

async function release(): Promise<StreamRun> {
  const world = await aStack({
    speed,
    rollout: FIRST_SHARE,
    // A line of the agent's is to be of a part of a minute of the cloud's.
    service: { agent: { front: { streams: { stallSeconds: 10 } }, everySeconds: 15 / speed } },
    signals: [{ name: "cut", source: { from: "agent", count: "cut-streams" } }],
  });
  try {
    for (const [image, version] of [
      ["text:2", "2"],
      ["text:3-streams-cut-often", "3"],
    ] as const) {
      const deployed = await world.deploy(image, version);
      if (deployed.exitCode !== 0) throw new Error(`deploy ${image}: ${deployed.sentence}${deployed.stderr}`);
    }
    const users = startStreamUsers(world.see.url(), (STREAMS_A_MINUTE / 60) * speed);
    try {
      const { release: verdict, next, minutes, seconds } = await firstShare(world);
      const { result, sentence } = verdict;
      await users.leave();
      const isAnswered = next === 0 && sentence.includes("cut");
      return { isAnswered, minutes, seconds, result, sentence, ...users.counts };
    } finally {
      await users.leave();
    }
  } finally {
    await world.close();
  }
}

const each: StreamRun[] = [];
for (let run = 1; run <= count; run++) {
  const one = await release();
  each.push(one);
  console.error(`${run} of ${count}: ${JSON.stringify(one)}`);
}
const answered = each.filter(({ isAnswered }) => isAnswered);
const minutes = answered.map((one) => one.minutes).toSorted((a, b) => a - b);
const result = {
  runs: count,
  answered: answered.length,
  byMinute3: answered.filter((one) => one.minutes <= BY_MINUTE).length,
  medianMinutes: minutes[Math.floor(minutes.length / 2)] ?? null,
  longestMinutes: minutes.at(-1) ?? null,
  /** Streams that were neither whole nor cut: of a machine that is too slow for so many there are some. */
  usersFailed: each.reduce((sum, { failed }) => sum + failed, 0),
  asked: each.reduce((sum, { asked }) => sum + asked, 0),
  each,
};
const words = `${result.answered} of ${count} answered, ${result.byMinute3} by the third whole minute; ${result.medianMinutes} minutes in the median, ${result.longestMinutes} at most; ${result.usersFailed} of ${result.asked} streams had no answer`;
console.log(flags.json ? JSON.stringify(result) : words);
