import type { Gate } from "../core/assessment.ts";
import { ALL_GATES } from "./all.ts";
import type { GateDefinition } from "./define.ts";

const inOrder = ALL_GATES.toSorted((a, b) => a.order - b.order);
const asked = (when: "sharing" | "cohort"): readonly Gate[] => inOrder.flatMap((one) => one[when] ?? []);

/** What a candidate with users is judged by. */
export const SHARING_GATES: readonly Gate[] = asked("sharing");

/** A gate whose failure no time changes while there are no users: it is about what was. */
function lasting(gate: Gate): Gate {
  return (input) =>
    gate(input).map((one) => (one.answer.kind === "fail" ? { ...one, isLasting: true } : one));
}

/**
 * What a candidate must show before its first user: the comparison remembers an earlier release of the same digest. Its
 * alarms are not among them: without users they say nothing, and right after a deploy they still speak of the slot's
 * former model.
 */
export const STARTING_GATES: readonly Gate[] = inOrder.flatMap(({ starting, endsWithoutUsers = false }) => {
  if (starting === undefined) return [];
  return [endsWithoutUsers ? lasting(starting) : starting];
});

/** What a candidate is judged by that has a cohort, and no users yet: with those nobody compares it. */
export const COHORT_GATES: readonly Gate[] = asked("cohort");

/** A gate whose failure keeps the candidate from users that it has not, and ends nothing. */
const holding =
  (gate: Gate): Gate =>
  (input) =>
    gate(input).map((one) => (one.about === "candidate" ? { ...one, onFail: "hold" } : one));

const resuming = ({ starting, endsWithoutUsers = false }: GateDefinition): readonly Gate[] =>
  starting === undefined ? [] : [endsWithoutUsers ? starting : holding(starting)];

/** What a candidate must show before it gets users again that it gave back; only the comparison may still end its release. */
export const RESUMING_GATES: readonly Gate[] = inOrder.flatMap(resuming);
