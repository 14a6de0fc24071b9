import type { Release } from "../../contract/release/release.ts";
import { otherSlot } from "../../contract/slot.ts";
import { showSplit, type Split } from "../../contract/route/split.ts";
import { readLive } from "./apply.ts";
import type { Reading } from "../core/observation.ts";
import { attempt } from "../reading.ts";
import type { Context } from "../ports.ts";

/** What a verb leaves that a person has interrupted, as far as it can be read now, and what goes on from here. */
export async function leftBehind(context: Context): Promise<string> {
  const deployed = await attempt(() => context.store.deployed());
  if (!deployed.readable) return describeLeft(undefined, { readable: false, why: deployed.why });
  const stack = deployed.value;
  if (stack === undefined) return "The stack has no succeeded update. Go on with the same command.";
  return describeLeft(stack.config.release, await attempt(() => readLive(context, stack)));
}

/** `live`: what the route gives to whom; undefined: weights that are no split. */
export function describeLeft(release: Release | undefined, live: Reading<Split | undefined>): string {
  const back = "All traffic back: npx bluegreen revert.";
  if (!live.readable || live.value === undefined) {
    const why = live.readable ? "the weights of the route are no split" : live.why;
    return `Where users are could not be read (${why}). See: npx bluegreen status. ${back}`;
  }
  const split = live.value;
  if (release === undefined || release.state === "promoted" || release.state === "rolledBack")
    return `Users are on ${showSplit(split)}, and no release is under way. See: npx bluegreen status.`;
  const { slot, id, state } = release;
  if (split[slot] === 0)
    return `Release ${id} is ${state} on ${slot}, without users: all traffic is on ${otherSlot(slot)}. Go on: the same command again.`;
  return `Release ${id} is ${state}: ${split[slot]} % of the users are on ${slot}, and this command watches them no more. Go on: npx bluegreen rollout. ${back}`;
}
