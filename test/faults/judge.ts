import { LOCAL_STACK } from "../../cli/local/project.ts";
import { otherSlot, type Slot } from "../../contract/slot.ts";
import { sentMs } from "../scenario/support/users.ts";
import type { FaultWorld } from "./world.ts";

/** The promises of docs/worst-day/simulation.md that can be seen from outside, once the trouble is over. */
export async function problemsAfter(
  { world, users }: FaultWorld,
  { fromMs, all }: { readonly fromMs: number; readonly all: Slot },
): Promise<readonly string[]> {
  const { activeSlot, live, shifted, releaseState } = await world.see.standing();
  const holder = await world.engine.lockHolder(LOCAL_STACK);
  const lost = users.failures().filter((failure) => sentMs(failure) >= fromMs);
  const found = [
    activeSlot === all ? "" : `the active slot is ${activeSlot}, and not ${all}`,
    live[all] === 100 ? "" : `the route has ${live[all]} % for ${all}`,
    shifted[otherSlot(all)] === 0 ? "" : `${shifted[otherSlot(all)]} % are configured as shifted`,
    releaseState === "promoted" || releaseState === "rolledBack" ? "" : `the release is ${releaseState}`,
    holder === undefined ? "" : `a lock of process ${holder.pid} stays`,
    lost.length === 0 ? "" : `${lost.length} requests of users failed (${lost[0]?.status})`,
  ];
  return found.filter((problem) => problem !== "");
}
