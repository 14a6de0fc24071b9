import { fail, pass, unreadable, type Answer, type Gate } from "../core/assessment.ts";
import type { SlotObservation } from "../core/observation.ts";
import { defineGate } from "./define.ts";

/** The candidate has the tasks it was promised, and none of them fails its health check. */
export const targetHealthGate: Gate = ({ observation }) => [
  { gate: "target-health", about: "candidate", answer: judge(observation.candidate) },
];

function judge({ slot, requested, targets }: SlotObservation): Answer {
  if (requested === undefined) return fail(`target-health: nothing runs on ${slot}`);
  if (!targets.readable) return unreadable(`target-health could not be read (${targets.why})`);
  const { healthy, unhealthy } = targets.value;
  const { minTasks } = requested;
  const evidence = { ...targets.value, minTasks };
  // The load balancer does not fail over from a group without healthy targets: its users get errors.
  if (healthy === 0) return fail(`target-health: 0 of ${minTasks} tasks of ${slot} are healthy`, evidence);
  // Less than promised happens to good models too (ECS replaces tasks), so it holds and does not roll back.
  if (healthy < minTasks || unhealthy > 0) {
    return unreadable(
      `target-health: ${healthy} of ${minTasks} tasks of ${slot} are healthy, ${unhealthy} are not`,
      evidence,
    );
  }
  return pass(`${healthy} of ${minTasks} tasks healthy`, evidence);
}

export const definition = defineGate({
  names: ["target-health"],
  asks: "Has the load balancer as many healthy targets as the candidate has tasks?",
  order: 70,
  sharing: targetHealthGate,
  cohort: targetHealthGate,
  starting: targetHealthGate,
});
