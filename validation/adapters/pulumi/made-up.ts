import { sameSplit, type Split } from "../../../contract/route/split.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import type { Update } from "../../ports.ts";

/** Whether an update was made up from something else than what is deployed: another generation, or other users. */
export function isStale(
  { change, from }: Pick<Update, "change" | "from">,
  { generation, split }: Pick<StackConfig, "generation" | "split">,
): boolean {
  const isMoved = from !== undefined && !sameSplit(from, split);
  return isMoved || (change.generation !== undefined && change.generation !== generation + 1);
}

/**
 * Whether an update reads the resources back first. Where the one before it has failed, Pulumi's state may not say what was
 * done by then, and what it takes for there already it would not write. Only the route: of everything else, a person's edits
 * in the cloud would be undone with it.
 */
export const refreshes = (
  { refresh, scope }: Pick<Update, "refresh" | "scope">,
  hasFailed: boolean,
): boolean => refresh || (hasFailed && scope === "route");

/** The same update once more, after itself. `from`: the split that it has left. */
export const numberedAnew = ({ change, ...update }: Update, from: Split): Update => ({
  ...update,
  from,
  change: change.generation === undefined ? change : { ...change, generation: Number(change.generation) + 1 },
});
