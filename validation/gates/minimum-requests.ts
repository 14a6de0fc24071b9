import { pass, tooEarly, unreadable, type Gate } from "../core/assessment.ts";

/** Without requests an OK is empty: alarms on rates are OK when nobody comes. */
export const minimumRequestsGate: Gate = ({ observation, policy }) => {
  const { slot, requests } = observation.candidate;
  const need = policy.minRequests;
  const among = policy.syntheticLoad === undefined ? "" : ", synthetic ones among them";
  const count = requests.readable ? requests.value.reduce((sum, minute) => sum + minute, 0) : 0;
  const answer = !requests.readable
    ? unreadable(`requests of ${slot} could not be counted (${requests.why})`)
    : count < need
      ? tooEarly(`${count} of ${need} requests on ${slot} since the share is live`, { requests: count, need })
      : pass(`${count} requests${among}, ${need} needed`, { requests: count, need });
  return [{ gate: "minimum-requests", about: "candidate", answer }];
};
