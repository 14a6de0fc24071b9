import { pass, tooEarly, unreadable, type Gate } from "../core/assessment.ts";

/** Without requests an OK is empty: alarms on rates are OK when nobody comes. */
export const minimumRequestsGate: Gate = ({ observation, policy }) => {
  const { slot, requests } = observation.candidate;
  const need = policy.minRequests;
  const answer = !requests.readable
    ? unreadable(`requests of ${slot} could not be counted (${requests.why})`)
    : requests.value < need
      ? tooEarly(`${requests.value} of ${need} requests on ${slot} since the share is live`, {
          requests: requests.value,
          need,
        })
      : pass(`${requests.value} requests, ${need} needed`, { requests: requests.value, need });
  return [{ gate: "minimum-requests", about: "candidate", answer }];
};
