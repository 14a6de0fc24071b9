import type { Slot } from "../../../contract/slot.ts";
import { iso } from "../iso.ts";
import { percent } from "../percent.ts";
import type { ShadowJudgement, ShadowPolicy } from "./shadow.ts";

/** Who is compared with whom, and by what. */
export interface ShadowWords {
  readonly candidate: Slot;
  readonly active: Slot;
}

/** "green answers 3.1 % of 3000 requests otherwise than blue, blue itself 1 % when asked again: 2.1 points more (1.2 to 3.4)". */
export function shadowSentence(
  judged: ShadowJudgement,
  policy: Pick<ShadowPolicy, "allowedDisagreement" | "sight">,
  { candidate, active }: ShadowWords,
): string {
  const { pairs, candidateDiffers, activeDiffers } = judged;
  if (pairs === 0) return `no request was answered by ${candidate} and twice by ${active}`;
  const counts = `${candidate} answers ${percent(candidateDiffers)} of ${pairs} requests otherwise than ${active}, ${active} itself ${percent(activeDiffers)} when asked again`;
  return `${counts}: ${excessOf(judged)}; ${meaningOf(judged, policy)}`;
}

/** "green gave no answer to 30 of 3000, blue to 2 when asked again, which is more than chance". */
export function shadowFailures(
  { pairs, candidateDiffers, activeDiffers, seenAtMs }: ShadowJudgement,
  { candidate, active }: ShadowWords,
): string {
  if (candidateDiffers === 0 && activeDiffers === 0) return `${candidate} gave an answer to all`;
  const times = (part: number) => Math.round(part * pairs);
  const more = seenAtMs === undefined ? "" : ", which is more than chance";
  return `${candidate} gave no answer to ${times(candidateDiffers)} of ${pairs}, ${active} to ${times(activeDiffers)} when asked again${more}`;
}

/** "green took clearly longer in 312 of 3000, blue in 4 when asked again, which is more than chance". */
export function shadowLatency(
  { pairs, candidateDiffers, activeDiffers, seenAtMs }: ShadowJudgement,
  { candidate, active }: ShadowWords,
): string {
  if (pairs === 0) return `how long answers took was not counted`;
  const times = (part: number) => Math.round(part * pairs);
  const [slower, faster] = [times(candidateDiffers), times(activeDiffers)];
  if (slower === 0 && faster === 0) return `neither took clearly longer`;
  const more = seenAtMs === undefined ? "" : ", which is more than chance";
  return `${candidate} took clearly longer in ${slower} of ${pairs}, ${active} in ${faster} when asked again${more}`;
}

/** "2.1 points more (1.2 to 3.4)": the limits are below and above the truth but for the α of each. */
function excessOf({ excess, low, high }: ShadowJudgement): string {
  const than = excess < 0 ? "less" : "more";
  return `${pointsSaid(Math.abs(excess))} ${than} (${points(low)} to ${points(high)})`;
}

function meaningOf(
  { seenAtMs, evidence, needed, isAlike, pairsNeeded }: ShadowJudgement,
  { allowedDisagreement, sight }: Pick<ShadowPolicy, "allowedDisagreement" | "sight">,
): string {
  const alike = `less than ${pointsSaid(sight)} more is shown`;
  if (seenAtMs === undefined) {
    if (isAlike) return alike;
    const more = pairsNeeded === undefined ? "" : `; about ${pairsNeeded} pairs like these would`;
    return `too few to show that it is less than ${pointsSaid(sight)} more${more}`;
  }
  const over =
    allowedDisagreement === 0
      ? "it differs more than the active model from itself"
      : `more than the ${pointsSaid(allowedDisagreement)} allowed`;
  const worth =
    evidence >= needed
      ? `e-value ${shown(evidence)}, threshold ${shown(needed)}`
      : `seen by the minute of ${iso(seenAtMs)}; less speaks for it by now`;
  return `${over} (${worth})${isAlike ? `, and ${alike}` : ""}`;
}

/** Hundredths, as people say them: 0.021 is 2.1. */
const points = (part: number): string => {
  const value = part * 100;
  return String(Number(Math.abs(value) < 1 ? value.toPrecision(1) : value.toFixed(1)));
};

const pointsSaid = (part: number) => `${points(part)} ${points(part) === "1" ? "point" : "points"}`;

const shown = (value: number) =>
  value >= 1e6 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
