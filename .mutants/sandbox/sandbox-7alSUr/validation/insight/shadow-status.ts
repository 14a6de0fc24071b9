import { otherSlot } from "../../contract/slot.ts";
import type { Split } from "../../contract/route/split.ts";
import type { Reading, ServiceReading } from "../core/observation.ts";
import { shadowAnswer } from "../gates/shadow.ts";
import type { Context, Deployed } from "../ports.ts";
import { sinceOf } from "../rollout/live-since.ts";
import { readShadow } from "../rollout/reading/read-shadow.ts";

/** What the shadow of a candidate has shown so far that waits for its first users; undefined: nobody waits for one. */
export async function shadowStatus(
  context: Context,
  deployed: Deployed,
  split: Split | undefined,
  services: Reading<ReadonlyMap<string, ServiceReading>>,
): Promise<string | undefined> {
  const { config, outputs } = deployed;
  const { release, rollout } = config;
  if (release === undefined || rollout.shadow === undefined || split === undefined) return undefined;
  const candidate = release.slot;
  const name = outputs.slots[candidate].running?.serviceName;
  const service = services.readable
    ? ({ readable: true, value: name === undefined ? undefined : services.value.get(name) } as const)
    : services;
  const view = { candidate, split, liveSinceMs: sinceOf(context, deployed, release, undefined) };
  const seen = await readShadow(context, deployed, view, service, {});
  if (seen === undefined) return undefined;
  const who = { candidate, active: otherSlot(candidate) };
  return shadowAnswer(seen, rollout.shadow, rollout.alpha, who).reason;
}
