import { pass, tooEarly, unreadable, type Gate } from "../core/assessment.ts";
import type { Observation } from "../core/observation.ts";
import { defineGate } from "./define.ts";

/** So long CloudWatch may owe the first requests. */
const SILENT_MS = 180_000;
const isLong = ({ nowMs, liveSinceMs }: Observation) => nowMs - liveSinceMs >= SILENT_MS;
const LOCAL_TRAFFIC = "npx bluegreen local --traffic 600 sends requests to this stack; otherwise ";
const SYNTHETIC =
  "pulumi config set --path rollout.syntheticLoad.requestsPerMinute 600 && pulumi up makes rollout send its own";

/** Without requests an OK is empty: alarms on rates are OK when nobody comes. */
export const minimumRequestsGate: Gate = ({ observation, policy, isLocal = false }) => {
  const { slot, requests } = observation.candidate;
  const need = policy.minRequests;
  const among = policy.syntheticLoad === undefined ? "" : ", synthetic ones among them";
  const count = requests.readable ? requests.value.reduce((sum, minute) => sum + minute, 0) : 0;
  const idle = count === 0 && policy.syntheticLoad === undefined && isLong(observation);
  const advice = idle ? `. Nobody asks: ${isLocal ? LOCAL_TRAFFIC : ""}${SYNTHETIC}` : "";
  const answer = !requests.readable
    ? unreadable(`requests of ${slot} could not be counted (${requests.why})`)
    : count < need
      ? tooEarly(`${count} of ${need} requests on ${slot} since the share is live${advice}`, {
          requests: count,
          need,
        })
      : pass(`${count} requests${among}, ${need} needed`, { requests: count, need });
  return [{ gate: "minimum-requests", about: "candidate", answer }];
};

export const definition = defineGate({
  names: ["minimum-requests"],
  asks: "Has the candidate answered `rollout.minRequests` in this step?",
  order: 40,
  sharing: minimumRequestsGate,
});
