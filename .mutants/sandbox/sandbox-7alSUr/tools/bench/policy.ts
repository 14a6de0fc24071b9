/**
 * `npm run bench:policy`: how long a good model takes from the first user to promotion under the shipped policy, in the
 * cloud's minutes, at 60, 600 and 6,000 requests a minute of real traffic through the local cloud's gateway.
 */
import { parseArgs } from "node:util";
import { rollout } from "../../validation/rollout/rollout.ts";
import { twoModels } from "./support/two-models.ts";

interface Pace {
  readonly requestsPerMinute: number;
  /** Virtual seconds per real second: the more traffic, the slower, so that the machine keeps up. */
  readonly speed: number;
  readonly wantedMinutes: number;
}

/** As shipped, `rollout.targetMinutes`; where nothing fails, a schedule takes all of it but at much traffic. */
const TARGET_MINUTES = 180;

const PACES: readonly Pace[] = [
  { requestsPerMinute: 60, speed: 60, wantedMinutes: TARGET_MINUTES },
  { requestsPerMinute: 600, speed: 30, wantedMinutes: TARGET_MINUTES },
  { requestsPerMinute: 6000, speed: 6, wantedMinutes: 75 },
];
/** So long users come before the rollout, which chooses its schedule from them. */
const BEFORE_MS = 10 * 60_000;
/** Every five seconds of the cloud's time, as the command does. */
const POLL_MS = 5_000;

const { values: flags } = parseArgs({
  options: { json: { type: "boolean", default: false }, only: { type: "string" } },
});
const paces = PACES.filter(
  ({ requestsPerMinute }) => flags.only === undefined || Number(flags.only) === requestsPerMinute,
);
if (paces.length === 0)
  throw new Error(
    `--only takes one of ${PACES.map(({ requestsPerMinute }) => requestsPerMinute).join(", ")}, not ${flags.only}`,
  );
const runs = [];
for (const pace of paces) {
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
  const stack = await twoModels(speed);
  const traffic = stack.users(requestsPerMinute);
  try {
    const { clock } = stack.context;
    await clock.sleep(BEFORE_MS);
    const fromMs = clock.now();
    const { result, sentence } = await rollout(stack.context, { pollMs: POLL_MS, skipTests: true });
    const minutes = Math.round((clock.now() - fromMs) / 6_000) / 10;
    const answers = traffic.answers();
    const failedRequests = answers.filter(({ status }) => status !== 200).length;
    const requests = answers.length;
    return { requestsPerMinute, speed, wantedMinutes, minutes, result, sentence, requests, failedRequests };
  } finally {
    await traffic.stop();
    await stack.close();
  }
}
