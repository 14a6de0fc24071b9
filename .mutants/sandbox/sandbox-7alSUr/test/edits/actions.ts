import { otherSlot, type Slot } from "../../contract/slot.ts";
import { drawValue, EDITED_KEYS, pick, type EditedKey, type Section } from "./values.ts";

export interface Change {
  readonly key: EditedKey;
  /** undefined: the key is left out. */
  readonly value: unknown;
}

/** What a person does to the stack. */
export type Action =
  /** Keys get values, and `pulumi up`. */
  | { readonly kind: "edit"; readonly changes: readonly Change[] }
  /** The four sections as the stack came up, and `pulumi up`. */
  | { readonly kind: "reset" }
  /** Manually, by `pulumi up`; 0 moves them back. */
  | { readonly kind: "shift"; readonly percent: number }
  /** `activeSlot`, with no traffic shifted. */
  | { readonly kind: "switch" }
  | { readonly kind: "deploy" }
  | { readonly kind: "revert" };

/** Who has users as deployed. */
export interface Users {
  readonly activeSlot: Slot;
  /** Percent. */
  readonly shifted: number;
}

const ALLOW_IN_PLACE = EDITED_KEYS.find(({ name }) => name === "allowInPlace");

/** What a key has now; undefined: it is left out. */
export type Values = (section: Section, name: string) => unknown;

/** The edit number `at` of all: each key has its turn, sometimes together with another one or with `allowInPlace`. */
export function drawEdit(at: number, values: Values, random: () => number): Action {
  // 31 has no divisor in common with a number of keys that is no multiple of it, so that neighbours are of all sections.
  const first = EDITED_KEYS[(at * 31) % EDITED_KEYS.length] ?? pick(EDITED_KEYS, random);
  const keys = [first, ...(random() < 0.3 ? [pick(EDITED_KEYS, random)] : [])];
  const changes = keys
    .filter((key, index) => keys.indexOf(key) === index)
    .map((key) => ({ key, value: drawOther(key, values, random) }));
  const isAllowed = random() < 0.3 && ALLOW_IN_PLACE !== undefined && !keys.includes(ALLOW_IN_PLACE);
  return {
    kind: "edit",
    changes: isAllowed ? [...changes, { key: ALLOW_IN_PLACE, value: true }] : changes,
  };
}

/** Another value than the key has; where chance finds none, as for a key of one value, the same. */
function drawOther(key: EditedKey, values: Values, random: () => number): unknown {
  const { section, name, field } = key;
  const now = JSON.stringify(values(section, name) ?? field.default);
  const drawn = Array.from({ length: 5 }, () => drawValue(key, random));
  return drawn.find((value) => JSON.stringify(value ?? field.default) !== now) ?? drawn[0];
}

/** What happens between two edits; `mayDeploy`: whether slots of this stack come by `deploy`. */
export function drawBetween(
  { shifted }: Users,
  mayDeploy: boolean,
  random: () => number,
): Action | undefined {
  const drawn = random();
  if (drawn < 0.12)
    return shifted > 0
      ? { kind: "shift", percent: 0 }
      : { kind: "shift", percent: 10 + Math.floor(random() * 41) };
  if (drawn < 0.18) return { kind: "switch" };
  if (drawn < 0.22) return { kind: "revert" };
  if (drawn < 0.27) return { kind: "reset" };
  return drawn < 0.31 && mayDeploy && shifted === 0 ? { kind: "deploy" } : undefined;
}

export function showAction(action: Action): string {
  if (action.kind === "shift") return `shift ${action.percent} %`;
  if (action.kind !== "edit") return action.kind;
  return action.changes
    .map(({ key, value }) => `${key.section}.${key.name}=${JSON.stringify(value) ?? "(none)"}`)
    .join(" ");
}

/** Release keys of the stack file for a routing. */
export function routingKeys({ activeSlot, shifted }: Users): Readonly<Record<string, unknown>> {
  const other = otherSlot(activeSlot);
  return { activeSlot, [`${activeSlot}Weight`]: 0, [`${other}Weight`]: shifted };
}
