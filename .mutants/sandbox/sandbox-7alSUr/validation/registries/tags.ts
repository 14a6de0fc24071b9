import type { ReleaseRecord } from "../core/releases.ts";
import type { SlotMark } from "../core/slot-marks.ts";

/** Tags of a version by which a person says how it is deployed. */
export const GIVEN = {
  image: "deploy.image",
  protocol: "deploy.protocol",
  modelName: "deploy.modelName",
  goldenSet: "deploy.goldenSet",
  revision: "deploy.revision",
} as const;

/** Tags of a version that are written back to it. */
export const WRITTEN = {
  stack: "deploy.stack",
  slot: "deploy.slot",
  role: "deploy.role",
  release: "deploy.release",
  reason: "deploy.reason",
  evidence: "deploy.evidence",
} as const;

/** A registry's limit on a value is far above it; a person reads the first sentences. */
const LONGEST_REASON = 240;

/** All of `WRITTEN`; undefined: the version is not to have it. */
export type WantedTags = Readonly<Record<string, string | undefined>>;

export const wantedTags = (stack: string, mark: SlotMark): WantedTags => ({
  [WRITTEN.stack]: stack,
  [WRITTEN.slot]: mark.slot,
  [WRITTEN.role]: mark.role,
  [WRITTEN.release]: mark.release || undefined,
  [WRITTEN.reason]: mark.reason.slice(0, LONGEST_REASON) || undefined,
  [WRITTEN.evidence]: mark.evidence || undefined,
});

const NONE: WantedTags = Object.fromEntries(Object.values(WRITTEN).map((name) => [name, undefined]));

/**
 * What a version of this stack keeps that is on no slot any more: that it was rolled back, and why; else nothing.
 * `release`: how its last release ended, where that is known.
 */
export function leftTags(
  tags: Readonly<Record<string, string>>,
  release: ReleaseRecord | undefined,
): WantedTags {
  if (tags[WRITTEN.role] === "rolledBack") return { ...NONE, ...tags, [WRITTEN.slot]: undefined };
  if (release?.outcome !== "rolledBack") return NONE;
  return {
    ...NONE,
    [WRITTEN.stack]: tags[WRITTEN.stack],
    [WRITTEN.role]: "rolledBack",
    [WRITTEN.release]: release.id,
    [WRITTEN.reason]: release.reason.slice(0, LONGEST_REASON) || undefined,
  };
}

/**
 * What is to be set and taken away. Whose version it is (`deploy.stack`) is set first and taken away last: a version that
 * was half written is found again by it.
 */
export function tagChanges(tags: Readonly<Record<string, string>>, wanted: WantedTags) {
  const set = Object.entries(wanted).flatMap(([name, value]) =>
    value === undefined || tags[name] === value ? [] : [[name, value] as const],
  );
  const remove = Object.keys(wanted).filter((name) => wanted[name] === undefined && name in tags);
  return {
    set: set.toSorted(([a], [b]) => Number(b === WRITTEN.stack) - Number(a === WRITTEN.stack)),
    remove: remove.toSorted((a, b) => Number(a === WRITTEN.stack) - Number(b === WRITTEN.stack)),
  };
}

/** `models:/fraud/7: candidate on green`. */
export function roleWords(registry: string, wanted: WantedTags): string {
  const [role, slot] = [wanted[WRITTEN.role], wanted[WRITTEN.slot]];
  const where = slot === undefined ? "on no slot any more" : `on ${slot}`;
  return role === undefined ? `${registry}: ${where}` : `${registry}: ${role} ${where}`;
}

/** What both kinds of registry read of a person's tags. */
export const givenIn = (tags: Readonly<Record<string, string>>) => ({
  ...(tags[GIVEN.protocol] && { servingProtocol: tags[GIVEN.protocol] }),
  ...(tags[GIVEN.modelName] && { modelName: tags[GIVEN.modelName] }),
  ...(tags[GIVEN.goldenSet] && { goldenSet: tags[GIVEN.goldenSet] }),
});
