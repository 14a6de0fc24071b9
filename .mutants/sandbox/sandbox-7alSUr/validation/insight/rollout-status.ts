import type { Release } from "../../contract/release/release.ts";
import { standingOf, type Fate, type Standing } from "../core/owner.ts";
import { living, type Work, type WorkLook } from "../core/work.ts";

/** Who moves the release, and whether that process lives. */
export interface RolloutStatus {
  /** `user@host:pid since … run …`, or the address of a workflow's run. */
  readonly owner: string;
  /** `elsewhere`: from here nobody can tell whether it lives. */
  readonly standing: Standing;
  /** Its last check, with what it waits for; undefined: it has made none, or from here nobody can tell. */
  readonly look: WorkLook | undefined;
}

/** A rollout owns its release from the first share on; before that only its own notes tell of it. */
export function rolloutStatus(
  release: Release | undefined,
  works: readonly Work[],
  me: string,
  fateOfRun: (run: string) => Fate,
): RolloutStatus | undefined {
  const work = living(works, fateOfRun);
  if (work !== undefined) return { owner: work.owner, standing: "alive", look: work.look };
  if (release?.state !== "running" || release.owner === "") return undefined;
  const { owner } = release;
  return { owner, standing: standingOf(owner, me, fateOfRun), look: undefined };
}
