import { drainProblems } from "../checks/drain-problems.ts";
import type { Problem } from "../checks/problem.ts";
import { SLOTS } from "../slot.ts";
import type { Parsed } from "../config/parse.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { isRoutingWrite } from "./definition-changes.ts";
import { entranceProblems } from "./entrance.ts";
import { experimentProblems } from "./experiment.ts";
import { namingProblems, recordProblems } from "./host-name.ts";
import { networkProblems } from "./network.ts";
import { emptyStack, type Previous } from "./previous.ts";
import { movesUsers } from "./routing.ts";
import { RULES } from "./rules.ts";
import { testGroupProblems } from "./test-group.ts";
import { rolledBackProblems, type RouteReading } from "./rolled-back.ts";

/**
 * What is wrong with an update although its configuration is right by itself: what it would do to the users of
 * the stack as deployed. `previous`: what the last outputs remember; undefined before the first update. `live`: the
 * route as it is now, where somebody can look.
 *
 * Each of these is a refusal, so each could stand in the way of a revert. None does:
 * - A revert by the tools writes the deployed configuration, which is what the outputs remember, with other
 *   routing keys and the next generation. So it is not stale, and it starts, empties or scales nothing.
 * - It shifts nothing; whom it makes the active slot was running, or the configuration alone would refuse it.
 * - A task definition can differ only through other defaults of a newer checkout; see `definitionChanges`.
 * - A revert manually (`greenWeight 0`, `activeSlot blue`) takes users from a slot and gives them to one that was
 *   running. It is refused only together with an edit that touches tasks under users; the update would wait for
 *   those tasks, and `npx bluegreen revert`, which leaves such an edit alone, always works.
 */
export function transitionProblems(
  previous: Previous | undefined,
  next: StackConfig,
  live?: RouteReading,
): readonly Problem[] {
  const from = previous ?? emptyStack(next.activeSlot);
  // Whatever else differs in a stale checkout differs because it is stale.
  if (next.generation < from.generation) return [staleCheckout(from, next)];
  const found = [
    ...rolledBackProblems(from, next, live),
    ...networkProblems(from, next),
    ...entranceProblems(from, next),
    ...recordProblems(from, next),
    ...namingProblems(previous, next),
    ...testGroupProblems(from, next),
    ...experimentProblems(next),
    // Moving users must not wait for it.
    ...(isRoutingWrite(from, next) || movesUsers(from, next) ? [] : drainProblems(next)),
    ...RULES.flatMap((rule) => SLOTS.flatMap((slot) => rule({ previous: from, next, slot }))),
  ];
  // A change of `service` may touch both slots, and is one problem.
  return found.filter(({ key }, index) => found.findIndex((other) => other.key === key) === index);
}

/** The hand never raises the generation, so an equal one with other release keys is a change manually. */
function staleCheckout(previous: Previous, next: StackConfig): Problem {
  return {
    key: "generation",
    got: String(next.generation),
    allowed: `${previous.generation} or more: the stack was changed after this checkout was last in step with it`,
    fix: "npx bluegreen sync",
  };
}

/** All that is wrong with an update: with its configuration alone, and with the step from what is deployed. */
export function updateProblems(
  previous: Previous | undefined,
  parsed: Parsed,
  live?: RouteReading,
): readonly Problem[] {
  if (parsed.ok) return transitionProblems(previous, parsed.config, live);
  const { problems, readable } = parsed;
  // A refused value was read as its default, so what the step says of the same key is not about what was given.
  const isRefused = (key: string) =>
    problems.some((problem) => `${key}.`.startsWith(`${problem.key}.`) || problem.key.startsWith(`${key}.`));
  return [...problems, ...transitionProblems(previous, readable, live).filter(({ key }) => !isRefused(key))];
}
