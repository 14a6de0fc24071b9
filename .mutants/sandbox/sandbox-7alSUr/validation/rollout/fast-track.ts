import type { Release } from "../../contract/release/release.ts";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import { fastTrackOf, releasesOf } from "../core/releases.ts";
import { KNOWN_UPDATES } from "../stack/time-limits.ts";
import { attempt } from "../reading.ts";
import type { Context } from "../ports.ts";

/**
 * The release with the earlier one in it that spares it the bakes, where the policy allows that. A history that
 * cannot be read spares nothing: the release goes the whole way.
 */
export async function fastTrack(
  context: Context,
  { rollout }: StackConfig,
  release: Release,
): Promise<Release> {
  if (rollout.fastTrackReleases === 0) return release;
  const { reporter } = context;
  const read = await attempt(() => context.store.updates(KNOWN_UPDATES));
  if (!read.readable) {
    const message = `no fast track, because the history could not be read (${read.why})`;
    reporter.report({ kind: "note", message });
    return release;
  }
  const earlier = fastTrackOf(releasesOf(read.value), release, rollout.fastTrackReleases);
  if (earlier === undefined) return release;
  const message = `fast track: this digest was promoted before as ${earlier.id}; every gate still has to pass`;
  reporter.report({ kind: "note", message });
  return { ...release, fastTrack: earlier.id };
}
