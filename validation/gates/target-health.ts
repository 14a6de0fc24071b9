import { fail, pass, unreadable, type Answer, type Gate } from "../core/assessment.ts";
import type { Observation } from "../core/observation.ts";
import { defineGate } from "./define.ts";

/** The candidate has the tasks it was promised, and none of them fails its health check. */
export const targetHealthGate: Gate = ({ observation }) => [
  { gate: "target-health", about: "candidate", answer: judge(observation) },
];

function judge({ candidate: { slot, requested, targets }, active }: Observation): Answer {
  if (requested === undefined) return fail(`target-health: nothing runs on ${slot}`);
  if (!targets.readable) return unreadable(`target-health could not be read (${targets.why})`);
  const { healthy, unhealthy } = targets.value;
  const { minTasks } = requested;
  const evidence = { ...targets.value, minTasks };
  // A zone, a network, a service on which both depend: no fault of the candidate, and nowhere for its users to go.
  if (healthy === 0 && active.targets.readable && active.targets.value.healthy === 0)
    return unreadable("target-health: no task of either slot is healthy", evidence);
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
  asks: "Has the load balancer as many healthy targets as the candidate has tasks? It holds while no task of either slot is healthy.",
  order: 70,
  sharing: targetHealthGate,
  cohort: targetHealthGate,
  starting: targetHealthGate,
});
