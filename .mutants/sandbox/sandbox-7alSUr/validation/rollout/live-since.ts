import type { Release } from "../../contract/release/release.ts";
import { liveSince } from "../core/live-since.ts";
import type { Agreed } from "./step-types.ts";
import type { Context, Deployed } from "../ports.ts";

/** Since when the share of a release is live, epoch ms of the cloud's clock. */
export function sinceOf(
  context: Pick<Context, "clock">,
  { config, endedWallMs }: Deployed,
  release: Release,
  agreed: Agreed | undefined,
): number {
  // Updates that steer leave the split as it is, and carry this over from the one that made it.
  const stored = release.liveSince === "" ? undefined : Date.parse(release.liveSince);
  return liveSince({
    stepSinceMs: Date.parse(release.stepSince),
    updateEndedMs: stored ?? context.clock.fromWall(endedWallMs),
    agreedMs: agreed?.generation === config.generation ? agreed.atMs : undefined,
  });
}
