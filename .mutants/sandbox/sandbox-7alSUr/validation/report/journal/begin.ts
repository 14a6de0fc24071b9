import { releasedModel, type Release } from "../../../contract/release/release.ts";
import { otherSlot } from "../../../contract/slot.ts";
import { iso } from "../../core/iso.ts";
import type { Deployed } from "../../ports.ts";
import type { JournalSettings, NewEntry } from "./entry.ts";

export interface Beginning {
  readonly stack: string;
  readonly who: string;
  readonly nowMs: number;
  readonly release: Release;
  readonly config: Deployed["config"];
}

/** A candidate without users of which nothing is known yet was deployed just now; of another one more has happened. */
export function beginOf({ stack, who, nowMs, release, config }: Beginning): NewEntry {
  const active = config.slots[otherSlot(release.slot)];
  return {
    kind: "begin",
    at: iso(nowMs),
    stack,
    release,
    model: releasedModel(release),
    activeModel: active.image === "" ? undefined : active.image,
    settings: settingsOf(config),
    who,
    since: release.state === "deployed" ? "deploy" : "this process",
  };
}

function settingsOf({ rollout, service }: Deployed["config"]): JournalSettings {
  const { alpha, beta, tolerance, steps, bakeMinutes, advanceWhen, maxBlindSpots, minRequests } = rollout;
  const { atDeadline, maxRetreats, retreatMinutes, approvals, dryRun } = rollout;
  return {
    alpha,
    beta,
    tolerance,
    steps,
    bakeMinutes,
    advanceWhen,
    maxBlindSpots,
    minRequests,
    atDeadline,
    maxRetreats,
    retreatMinutes,
    approvals,
    dryRun,
    stickinessSeconds: service.stickinessSeconds,
  };
}
