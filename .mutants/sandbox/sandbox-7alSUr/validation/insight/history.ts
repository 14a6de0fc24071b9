import { releasesOf, type ReleaseRecord } from "../core/releases.ts";
import { EXIT, type Outcome } from "../outcome.ts";
import type { Context } from "../ports.ts";

export interface HistoryOutcome extends Outcome {
  /** Newest first. */
  readonly releases: readonly ReleaseRecord[];
}

/** A release has a handful of updates, and people make some manually; beyond this the story is cut off, and told so. */
const MOST_UPDATES = 2_000;

/** The last releases, from the stack's update history: how each ended, why, and how long it took. */
export async function history(context: Context, limit: number): Promise<HistoryOutcome> {
  const updates = await context.store.updates(MOST_UPDATES);
  const all = releasesOf(updates);
  const releases = all.slice(0, limit);
  const older = updates.length < MOST_UPDATES ? "" : `, from the last ${MOST_UPDATES} updates`;
  const shown = releases.length < all.length ? `the last ${releases.length} of ` : "";
  const sentence = all.length === 0 ? `no release yet${older}` : `${shown}${count(all.length)}${older}`;
  return { exitCode: EXIT.done, sentence, releases };
}

const count = (releases: number) => (releases === 1 ? "1 release" : `${releases} releases`);
