import { otherSlot, weightKey } from "../slot.ts";
import { sameSplit } from "../route/split.ts";
import type { StackConfig } from "../config/stack-config.ts";
import type { Previous } from "./previous.ts";

/** Values of the keys that say who has users. */
type Routing = Readonly<Record<"activeSlot" | "blueWeight" | "greenWeight", string>>;

const KEYS = ["activeSlot", "blueWeight", "greenWeight"] as const;

export function routingOf({ activeSlot, split }: Pick<Previous, "activeSlot" | "split">): Routing {
  const shifted = otherSlot(activeSlot);
  const none = { activeSlot, blueWeight: "0", greenWeight: "0" };
  return { ...none, [weightKey(shifted)]: String(split[shifted]) };
}

/** Whether other users are where after the update. */
export const movesUsers = (previous: Previous, next: StackConfig): boolean =>
  previous.activeSlot !== next.activeSlot || !sameSplit(previous.split, next.split);

/** The command that makes the first routing the second; undefined when they are the same. */
export function setRouting(from: Routing, to: Routing): string | undefined {
  const keys = KEYS.filter((key) => from[key] !== to[key]);
  const [only] = keys;
  if (only === undefined) return undefined;
  if (keys.length === 1) return `pulumi config set ${only} ${to[only]}`;
  return `pulumi config set-all ${keys.map((key) => `--plaintext ${key}=${to[key]}`).join(" ")}`;
}

/** The same, to the routing that the update found. */
export function routingBack(previous: Previous, next: StackConfig): string | undefined {
  const weights = { blueWeight: String(next.weights.blue), greenWeight: String(next.weights.green) };
  return setRouting({ activeSlot: next.activeSlot, ...weights }, routingOf(previous));
}

/** One command line that does these one after the other. */
export function inTurn(...commands: readonly (string | undefined)[]): string {
  return commands.filter((command) => command !== undefined).join(" && ");
}
