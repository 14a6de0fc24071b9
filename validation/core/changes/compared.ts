import type { Compared } from "../../../contract/release/compared.ts";
import type { Release } from "../../../contract/release/release.ts";
import type { Schedule } from "../../../contract/release/schedule.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { iso } from "../iso.ts";
import type { UpdateRecord } from "../releases.ts";

/** Image of the model that the candidate is compared with. */
export const activeImage = ({ slots, activeSlot }: StackConfig): string => slots[activeSlot].image ?? "";

/**
 * The comparison of a candidate with `active` as it goes on from now: users are split between them. `planned`: for a pair
 * of which nothing was planned before.
 */
export function opened(release: Release, active: string, nowMs: number, planned?: Schedule): Compared {
  const known = release.compared?.active === active ? release.compared : newPair(active);
  const before =
    known.schedule === undefined && planned !== undefined ? { ...known, schedule: planned } : known;
  const isOpen = before.windows.at(-1) !== undefined && before.windows.at(-1)?.to === undefined;
  return isOpen ? before : { ...before, windows: [...before.windows, { from: iso(nowMs) }] };
}

const newPair = (active: string): Compared => ({ active, attempt: 1, windows: [] });

/** A release that the gates rolled back in the step of its cohort: its models never shared users, and one is refused all the same. */
export const refusedWithCohort = (release: Release, active: string, refused: string): Compared =>
  release.compared ?? { ...newPair(active), refused };

/** Nobody is split any more; `refused`: because the gates rolled the candidate back. */
export function closed(
  compared: Compared | undefined,
  nowMs: number,
  refused?: string,
): Compared | undefined {
  if (compared === undefined) return undefined;
  const windows = compared.windows.map((window) =>
    window.to === undefined ? { ...window, to: iso(nowMs) } : window,
  );
  return { ...compared, windows, ...(refused === undefined ? {} : { refused }) };
}

/** The comparison of a release with users; whoever got them another way is compared since they are split so. */
export function comparedOf(config: StackConfig, release: Release, liveSinceMs: number): Compared | undefined {
  const active = activeImage(config);
  if (config.split[release.slot] > 0) return opened(release, active, liveSinceMs);
  return release.compared?.active === active ? release.compared : undefined;
}

/**
 * What earlier releases of the same digest compared with the same active model have left, from the update history (newest
 * first): a new deploy goes on counting there. With `fresh` it begins anew, with less of the error probability.
 */
export function comparedBefore(
  updates: readonly UpdateRecord[],
  pair: { readonly digest: string; readonly active: string },
  fresh: boolean,
): Compared | undefined {
  const found = updates.find(
    ({ succeeded, release }) =>
      succeeded && release?.digest === pair.digest && release.compared?.active === pair.active,
  )?.release?.compared;
  if (found === undefined || !fresh) return found;
  const { schedule } = found;
  const anew = { active: pair.active, attempt: found.attempt + 1, windows: [] };
  return schedule === undefined ? anew : { ...anew, schedule };
}
