import type { StackConfig } from "../../contract/config/stack-config.ts";
import { isOpen } from "../../contract/release/release.ts";
import { SLOTS, type Slot } from "../../contract/slot.ts";

/** What a slot's model is for its stack, the most important first. */
export const MODEL_ROLES = ["active", "candidate", "rolledBack", "standby"] as const;
export type ModelRole = (typeof MODEL_ROLES)[number];

/** What a registry is to say of a version that is on a slot. */
export interface SlotMark {
  /** Where its registry has it: `models:/fraud/7`. */
  readonly registry: string;
  readonly slot: Slot;
  readonly role: ModelRole;
  /** Release that put it there; empty: not known. */
  readonly release: string;
  /** Why it was rolled back; empty: it was not, or nobody said. */
  readonly reason: string;
  /** Where to read what was seen: the run of the job that rolled it back; empty: it was none. */
  readonly evidence: string;
}

/** Where registries have the models of these slots. */
export const addressesIn = (slots: StackConfig["slots"]): readonly string[] =>
  SLOTS.flatMap((slot) => slots[slot].registry ?? []);

/** Of the deployed configuration alone. A version on both slots is what the more important one makes of it. */
export function slotMarks(config: StackConfig): readonly SlotMark[] {
  const found = SLOTS.flatMap((slot) => {
    const { registry, image } = config.slots[slot];
    return registry === undefined || image === undefined ? [] : [markOf(config, slot, registry)];
  });
  const byRank = found.toSorted((a, b) => MODEL_ROLES.indexOf(a.role) - MODEL_ROLES.indexOf(b.role));
  return byRank.filter(({ registry }, at) => byRank.findIndex((one) => one.registry === registry) === at);
}

function markOf(config: StackConfig, slot: Slot, registry: string): SlotMark {
  const { release } = config;
  const role = roleOf(config, slot);
  const { reason, owner } = (role === "rolledBack" ? release : undefined) ?? { reason: "", owner: "" };
  return {
    registry,
    slot,
    role,
    release: config.slots[slot].release ?? "",
    reason,
    // An owner on GitHub is the address of its run; others are user, host and process (core/owner.ts).
    evidence: owner.startsWith("https://") ? owner : "",
  };
}

function roleOf({ activeSlot, release }: StackConfig, slot: Slot): ModelRole {
  if (slot === activeSlot) return "active";
  if (release?.slot !== slot) return "standby";
  if (release.state === "rolledBack") return "rolledBack";
  return isOpen(release) ? "candidate" : "standby";
}
