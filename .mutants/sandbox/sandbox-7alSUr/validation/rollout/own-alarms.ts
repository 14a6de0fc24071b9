import { ownAlarmOf } from "../../contract/config/own-alarm.ts";
import type { Slot } from "../../contract/slot.ts";
import { UserError } from "../errors.ts";
import { attempt } from "../reading.ts";
import type { Context, Deployed } from "../ports.ts";

/**
 * Before the first user: an alarm that does not exist would never answer, and the release would wait for it in vain.
 * @throws UserError BG310. One that cannot be read is no news of it.
 */
export async function refuseUnknownAlarms(
  context: Context,
  { config }: Deployed,
  candidate: Slot,
): Promise<void> {
  const names = config.rollout.alarms.map((name) => ownAlarmOf(name, candidate));
  if (names.length === 0) return;
  const found = await attempt(() => context.alarms.read(names));
  if (!found.readable) return;
  const missing = names.filter((name) => !found.value.some((alarm) => alarm.name === name));
  if (missing.length > 0) throw new UserError("BG310", `It does not have ${missing.join(", ")}.`);
}
