import { isOnEcs } from "../../contract/names/running.ts";
import { notApplicable, pass, tooEarly, unreadable, type Answer, type Gate } from "../core/assessment.ts";
import type { SlotObservation } from "../core/observation.ts";
import { defineGate } from "./define.ts";

/** A share that rises onto tasks that are still starting overloads those that run. */
const scalingGate: Gate = ({ observation }) => [
  { gate: "scaling", about: "candidate", answer: answerOf(observation.candidate) },
];

function answerOf({ slot, service, requested }: SlotObservation): Answer {
  if (requested !== undefined && !isOnEcs(requested)) {
    return notApplicable(`scaling: something else fills ${slot}, and no scaling of the stack asks for tasks`);
  }
  if (!service.readable) return unreadable(`scaling: the service could not be read (${service.why})`);
  // Whether it is there at all is another gate's question.
  if (service.value === undefined) return notApplicable(`scaling: ${slot} has no service`);
  const { running, desired } = service.value;
  const evidence = { running, desired };
  return running < desired
    ? tooEarly(`scaling: ${running} of ${desired} tasks of ${slot} run`, evidence)
    : pass(`${running} of ${desired} tasks of ${slot} run`, evidence);
}

export const definition = defineGate({
  names: ["scaling"],
  asks: "Do all tasks run that scaling has asked for? A share rises only onto those that do.",
  order: 75,
  sharing: scalingGate,
  cohort: scalingGate,
});
