import { requestedIn } from "../../contract/names/running.ts";
import type { Slot } from "../../contract/slot.ts";
import { requireDeployed } from "../stack/apply.ts";
import { UserError } from "../errors.ts";
import type { Context, Deployed } from "../ports.ts";

/**
 * Refuses to call deployed what another update has changed while this one waited: the slot runs something else by now,
 * or the release has ended. Throws UserError that names the other update.
 */
export async function refuseOvertaken(context: Context, ours: Deployed, slot: Slot): Promise<void> {
  const now = await requireDeployed(context);
  const [wanted, found] = [ours, now].map(({ config: { release }, outputs }) => ({
    release: release?.id,
    taskDefinition: requestedIn(outputs, slot),
  }));
  const isOver = now.config.release?.state === "rolledBack";
  if (!isOver && JSON.stringify(wanted) === JSON.stringify(found)) return;
  const [newest] = (await context.store.updates(KNOWN)).filter(({ succeeded }) => succeeded);
  const by = newest?.message ? `: ${newest.message}` : "";
  const runs = now.config.slots[slot].image ?? "nothing";
  const how = isOver ? "the release was rolled back" : `${slot} has ${runs} now`;
  throw new UserError("BG230", `${how}, generation ${now.config.generation}${by}.`);
}

/** The newest one that succeeded is among these, but for a row of failures. */
const KNOWN = 10;
