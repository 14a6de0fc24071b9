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

/** The same update once more, after itself. `from`: the split that it has left. */
export const numberedAnew = ({ change, ...update }: Update, from: Split): Update => ({
  ...update,
  from,
  change: change.generation === undefined ? change : { ...change, generation: Number(change.generation) + 1 },
});
