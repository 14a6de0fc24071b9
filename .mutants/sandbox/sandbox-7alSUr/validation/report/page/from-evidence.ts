import { releasedModel } from "../../../contract/release/release.ts";
import type { EvidenceRecord } from "../evidence.ts";
import { storyLook, type ReleaseStory, type StoryTests } from "./story.ts";

/** What is known of a release beside its looks. */
export interface StoryBeside {
  readonly source: ReleaseStory["source"];
  readonly tests?: StoryTests | undefined;
}

/** A release as evidence of its looks has it, oldest first; undefined: none of them is of a release. */
export function storyOfEvidence(
  records: readonly EvidenceRecord[],
  { source, tests }: StoryBeside,
): ReleaseStory | undefined {
  const last = records.findLast(({ release }) => release !== undefined);
  const release = last?.release;
  if (last === undefined || release === undefined) return undefined;
  const looks = records.filter((one) => one.release?.id === release.id);
  const counted = looks.findLast(({ comparison }) => comparison !== undefined)?.comparison;
  const policy = counted?.settings;
  return {
    stack: last.stack,
    release: release.id,
    slot: release.slot,
    model: last.model ?? releasedModel(release),
    began: looks[0]?.at ?? last.at,
    end: endOf(last),
    looks: looks.map(storyLook),
    // An earlier version kept none.
    events: (release.retreats ?? []).map(({ at, from, reason }) => ({
      at,
      sentence: `${from} % given back: ${reason}`,
    })),
    counts: counted?.counts ?? [],
    tests,
    waived: release.tested?.waived ?? [],
    settings:
      policy === undefined
        ? []
        : [
            ["rollout.alpha", String(policy.alpha)],
            ["rollout.tolerance", String(policy.tolerance)],
            ["attempt at this pair of models", String(policy.attempt)],
          ],
    source,
  };
}

function endOf({ release, at, sentence }: EvidenceRecord): ReleaseStory["end"] {
  if (release === undefined) return undefined;
  // The record of the look that ended it may still have the release as it was before.
  if (release.state === "promoted" || release.state === "rolledBack")
    return { result: release.state, at, sentence };
  return undefined;
}
