import type { Release } from "../../contract/release/release.ts";
import type { Slot } from "../../contract/slot.ts";
import type { RawMinute } from "./comparison/data.ts";
import type { UpdateRecord } from "./releases.ts";

/** From when on a candidate had which share. */
export interface ShareSince {
  readonly fromMs: number;
  /** 0 to 100. */
  readonly percent: number;
}

/** What a release ends with. */
const ENDS: Readonly<Partial<Record<Release["state"], number>>> = { promoted: 100, rolledBack: 0 };

/** The shares of a slot as its releases asked for them, oldest first. `updates`: newest first. */
export function sharesOf(updates: readonly UpdateRecord[], slot: Slot): readonly ShareSince[] {
  const found: ShareSince[] = [];
  for (const { succeeded, release } of updates.toReversed()) {
    if (!succeeded || release === undefined || release.slot !== slot) continue;
    const end = ENDS[release.state];
    const percent = end ?? release.weight;
    // A release that has ended may still say since when its last share was live.
    const isLive = end === undefined && release.liveSince !== "";
    const fromMs = Date.parse(isLive ? release.liveSince : release.stepSince);
    if (!Number.isFinite(fromMs) || found.at(-1)?.percent === percent) continue;
    found.push({ fromMs, percent });
  }
  return found;
}

/** Requests of so many minutes around one tell its share: fewer are chance, more blur a change. */
const AROUND = 2;

/** Where nobody wrote the shares down: the step of the schedule that is nearest to what came, minute by minute. */
export function estimatedShares(
  minutes: readonly RawMinute[],
  steps: readonly number[],
): readonly ShareSince[] {
  const found: ShareSince[] = [];
  for (const [at, { atMs }] of minutes.entries()) {
    const around = minutes.slice(Math.max(0, at - AROUND), at + AROUND + 1);
    const sum = (arm: "candidate" | "active") =>
      around.reduce((total, minute) => total + minute[arm].requests, 0);
    const [candidate, all] = [sum("candidate"), sum("candidate") + sum("active")];
    // Before the candidate's first request it may just as well have had no share.
    if (candidate === 0) continue;
    const percent = nearest(steps, (100 * candidate) / all);
    // A share only rises on its way; what falls back for a moment is chance.
    if (percent > (found.at(-1)?.percent ?? 0)) found.push({ fromMs: atMs, percent });
  }
  return found;
}

const nearest = (steps: readonly number[], percent: number): number =>
  steps.reduce((a, b) => (Math.abs(b - percent) < Math.abs(a - percent) ? b : a));
