import { otherSlot, type PerSlot, type Slot } from "../../contract/slot.ts";
import { check, type Check } from "./check.ts";
import { count, find, picked, some } from "./many/many.ts";
import type { Prediction, Speakers } from "./measure.ts";

export interface Versions {
  /** As deployed; undefined: the slot has none. */
  readonly deployed: PerSlot<string | undefined>;
  /** Whether the slot's tasks run the digest that was deployed, and no other; undefined: that could not be read. */
  readonly runsDigest?: PerSlot<boolean | undefined>;
}

/** What a slot said, by which its version is judged. */
export type VersionClaim = { readonly slot: Slot } & Pick<Prediction, "status" | "version" | "said" | "flaw">;

/** An error, or no answer at all, has no version and is counted by the check on failures. */
const isModels = ({ status, flaw }: VersionClaim) => status === 200 && flaw !== "no JSON object";

/** Whether this answer is another version's. Where a protocol names it in every answer, one without it is. */
export const isWrong = (one: VersionClaim, { deployed }: Versions, speakers: Speakers): boolean => {
  const wanted = deployed[one.slot];
  if (wanted === undefined || !isModels(one)) return false;
  return one.version === undefined ? speakers[one.slot].protocol.namesVersion : one.version !== wanted;
};

/**
 * No answer of a slot may name another version than was deployed onto it. A slot whose version is not known is not
 * judged, and one that has answered nothing has shown none. Where a server does not tell its version, the digest that
 * its tasks run is known.
 */
export function versionCheck(
  asked: readonly Slot[],
  found: Iterable<VersionClaim>,
  versions: Versions,
  speakers: Speakers,
): Check {
  const given = picked(found, (one) => (isModels(one) ? one : undefined));
  const isOther = (one: VersionClaim) => isWrong(one, versions, speakers);
  const numbers = { asked: count(given, () => true), wrong: count(given, isOther) };
  const first = find(given, isOther);
  if (first !== undefined) return check("version", "fail", wrongVersion(first, versions), numbers);
  const silent = asked.filter((slot) => !some(given, (one) => one.slot === slot));
  if (silent.length > 0) return check("version", "insufficient", silentSentence(silent, found), numbers);
  const told = asked.map((slot) => versionOf(slot, given, versions, speakers));
  const isKnown = told.every(({ known }) => known);
  const sentence = told.map(({ words }) => words).join("; ");
  return check("version", isKnown ? "pass" : "insufficient", sentence, numbers);
}

function versionOf(
  slot: Slot,
  given: Iterable<VersionClaim>,
  { deployed, runsDigest }: Versions,
  speakers: Speakers,
) {
  const wanted = deployed[slot];
  const isNamed = some(given, (one) => one.slot === slot && one.version !== undefined);
  if (isNamed || wanted === undefined) {
    return { known: true, words: `${slot} answers version ${wanted ?? "(not configured)"}, as deployed` };
  }
  const metadata = speakers[slot].model.version;
  if (metadata === wanted)
    return { known: true, words: `${slot}'s metadata names version ${wanted}, as deployed` };
  const silent =
    metadata === undefined
      ? `${slot} does not tell its version`
      : `${slot}'s metadata names version ${metadata}, not ${wanted}`;
  if (runsDigest?.[slot] === true) {
    return { known: true, words: `${silent}; its tasks run the digest that was deployed as ${wanted}` };
  }
  const why =
    runsDigest?.[slot] === false
      ? "its tasks run another image"
      : "which image its tasks run could not be read";
  return { known: false, words: `${silent}, and ${why}` };
}

function silentSentence(silent: readonly Slot[], found: Iterable<VersionClaim>): string {
  const what = `no example was answered by ${silent.join(" or ")}, so nobody saw its version there`;
  const first = find(found, ({ slot }) => silent.includes(slot));
  if (first === undefined) return what;
  const { status, flaw, said } = first;
  const why = flaw === undefined ? said : `${flaw}, ${said}`;
  const hint = status >= 400 && status <= 499 ? "; does the golden set fit the model?" : "";
  return `${what}; it said ${why}${hint}`;
}

function wrongVersion({ slot, version, said }: VersionClaim, { deployed }: Versions): string {
  const wanted = `${slot} has version ${deployed[slot]}`;
  if (version === undefined) return `${wanted}, but its answer names no modelVersion (${said})`;
  const other = otherSlot(slot);
  const mixUp = version === deployed[other] ? `: a mix-up, that version is on ${other}` : "";
  return `${wanted}, but version ${version} answered${mixUp}`;
}
