import { isOnEcs } from "../../contract/names/running.ts";
import { fail, notApplicable, pass, unreadable, type Answer, type Gate } from "../core/assessment.ts";
import type { SlotObservation } from "../core/observation.ts";
import { familyOf } from "../core/runs.ts";
import { defineGate } from "./define.ts";

/**
 * What runs is what was asked for. Pulumi calls an update successful even after ECS's circuit breaker went
 * back to the former task definition (pulumi-aws#4487), so only this comparison tells.
 */
export const runningGate: Gate = ({ observation }) => [
  { gate: "running", about: "candidate", answer: judge(observation.candidate) },
];

function judge({ slot, requested, service }: SlotObservation): Answer {
  if (requested === undefined) return fail(`running: nothing was deployed onto ${slot}`);
  if (!isOnEcs(requested)) {
    return notApplicable(`running: something else fills ${slot}, so ECS runs nothing there to compare`);
  }
  if (!service.readable) return unreadable(`running: the service could not be read (${service.why})`);
  if (service.value === undefined || service.value.status !== "ACTIVE") {
    return fail(`running: ECS has no active service ${requested.serviceName}`);
  }
  const { primary, running, desired } = service.value;
  if (primary === undefined) return unreadable(`running: ${slot} has no primary deployment`);
  const evidence = {
    requested: requested.taskDefinitionArn,
    runs: primary.taskDefinitionArn,
    rolloutState: primary.rolloutState,
    running,
    desired,
  };
  if (primary.rolloutState === "FAILED") {
    return fail(`running: the deployment on ${slot} failed (${primary.rolloutReason})`, evidence);
  }
  if (primary.taskDefinitionArn !== requested.taskDefinitionArn) {
    const names = `${familyOf(primary.taskDefinitionArn)}, requested was ${familyOf(requested.taskDefinitionArn)}`;
    return fail(`running: ${slot} runs ${names}`, evidence);
  }
  if (primary.rolloutState !== "COMPLETED") {
    return unreadable(`running: the deployment on ${slot} is ${primary.rolloutState}`, evidence);
  }
  return pass(`${slot} runs ${familyOf(primary.taskDefinitionArn)} as requested`, evidence);
}

export const definition = defineGate({
  names: ["running"],
  asks: "Does the candidate run the task definition that was asked for?",
  order: 80,
  sharing: runningGate,
  cohort: runningGate,
  starting: runningGate,
});
