/** The two slots. They are symmetrical: neither is special, and either may be the active one. */
export const SLOTS = ["blue", "green"] as const;
export type Slot = (typeof SLOTS)[number];

export function isSlot(value: unknown): value is Slot {
  return value === "blue" || value === "green";
}

export function otherSlot(slot: Slot): Slot {
  return slot === "blue" ? "green" : "blue";
}

/** A value for each slot. */
export type PerSlot<T> = Readonly<Record<Slot, T>>;

export function perSlot<T>(make: (slot: Slot) => T): PerSlot<T> {
  return { blue: make("blue"), green: make("green") };
}

/** The key of the configuration that shifts a share to a slot. */
export const weightKey = (slot: Slot): "blueWeight" | "greenWeight" => `${slot}Weight`;
