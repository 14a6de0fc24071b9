import { releasedModel, type Release, type ReleaseEnd } from "../../contract/release/release.ts";
import type { Slot } from "../../contract/slot.ts";

/** One update of the stack's history, as far as it speaks of releases. */
export interface UpdateRecord {
  readonly succeeded: boolean;
  /** One line: what our tools did, or nothing for an update manually. */
  readonly message: string;
  /** As the update's configuration has it; undefined: it had none. */
  readonly release: Release | undefined;
  /** Version of the model on the release's slot. */
  readonly modelVersion: string | undefined;
  /** Where registries have the models that its slots had then; absent: nowhere. */
  readonly registries?: readonly string[];
}

/** How a release ended: `replaced` when another candidate was deployed over it before it had users. */
export type ReleaseOutcome = ReleaseEnd | "replaced" | "inProgress";

/** One release from `deploy` to its end. Times are ISO 8601, the cloud's clock. */
export interface ReleaseRecord {
  readonly id: string;
  readonly slot: Slot;
  /** As it was given: what comparisons go by. */
  readonly image: string;
  /** `sha256:…`; undefined: the image was given by tag, as on the local cloud. */
  readonly digest: string | undefined;
  readonly modelVersion: string | undefined;
  readonly outcome: ReleaseOutcome;
  /** Why it ended or waits, as the audit log has it. */
  readonly reason: string;
  readonly deployedAt: string;
  /** When users were first on it alone; undefined: never. */
  readonly promotedAt: string | undefined;
  /** When it was promoted, rolled back or replaced; undefined: it goes on. */
  readonly endedAt: string | undefined;
  /** From `deployedAt` to `endedAt`. */
  readonly seconds: number | undefined;
  /** Shares that it had on its way, in percent. */
  readonly shares: readonly number[];
}

/** The releases that an update history tells of, newest first. `updates`: newest first, too. */
export function releasesOf(updates: readonly UpdateRecord[]): readonly ReleaseRecord[] {
  const found: ReleaseRecord[] = [];
  for (const { succeeded, release, modelVersion } of updates.toReversed()) {
    if (!succeeded || release === undefined) continue;
    const last = found.at(-1);
    if (last !== undefined && !begins(last, release)) {
      found[found.length - 1] = continued(last, release);
      continue;
    }
    if (last?.outcome === "inProgress") found[found.length - 1] = replaced(last, release);
    found.push(begun(release, modelVersion));
  }
  return found.toReversed();
}

/** A destroyed and rebuilt stack counts its generations anew, so a second release may have the id of the first. */
const begins = (last: ReleaseRecord, release: Release) =>
  last.id !== release.id || (release.state === "deployed" && last.deployedAt !== release.stepSince);

function begun(release: Release, modelVersion: string | undefined): ReleaseRecord {
  const { id, slot, stepSince } = release;
  const model = releasedModel(release);
  const blank: ReleaseRecord = {
    id,
    slot,
    ...model,
    modelVersion: model.modelVersion ?? modelVersion,
    outcome: "inProgress",
    reason: "",
    deployedAt: stepSince,
    promotedAt: undefined,
    endedAt: undefined,
    seconds: undefined,
    shares: [],
  };
  return continued(blank, release);
}

function continued(record: ReleaseRecord, { state, reason, stepSince, weight }: Release): ReleaseRecord {
  const isNew = weight > 0 && record.shares.at(-1) !== weight && state !== "promoted";
  const shares = isNew ? [...record.shares, weight] : record.shares;
  if (state !== "promoted" && state !== "rolledBack") return { ...record, shares, reason };
  if (record.outcome === state) return record;
  const promotedAt = state === "promoted" ? stepSince : record.promotedAt;
  return { ...ended(record, stepSince), outcome: state, reason, shares, promotedAt };
}

const replaced = (record: ReleaseRecord, by: Release): ReleaseRecord => ({
  ...ended(record, by.stepSince),
  outcome: "replaced",
  reason: `${by.id} was deployed instead`,
});

const ended = (record: ReleaseRecord, at: string): ReleaseRecord => ({
  ...record,
  endedAt: at,
  seconds: Math.max(0, (Date.parse(at) - Date.parse(record.deployedAt)) / 1000),
});

/**
 * The release that lets this digest go without bakes: one of the last so many that were judged, promoted and not rolled back
 * since. A digest that was rolled back after it is not trusted again.
 */
export function fastTrackOf(
  releases: readonly ReleaseRecord[],
  release: Release,
  withinReleases: number,
): ReleaseRecord | undefined {
  const judged = releases.filter(({ outcome }) => outcome === "promoted" || outcome === "rolledBack");
  const before = judged.filter(({ id }) => id !== release.id);
  const last = before.slice(0, withinReleases).find(({ image }) => image === release.digest);
  return last?.outcome === "promoted" ? last : undefined;
}
