import type { ShadowPolicy } from "../core/signals/shadow.ts";
import { shadowSentence, type ShadowWords } from "../core/signals/shadow-words.ts";
import type { ComparedPairs } from "./compare-pairs.ts";

/** What recorded requests have shown, in one sentence. */
export function replaySentence(compared: ComparedPairs, policy: ShadowPolicy, who: ShadowWords): string {
  const parts = [shadowSentence(compared.disagreement, policy, who), failuresIn(compared, who)];
  return parts.filter((part) => part !== undefined).join("; ");
}

function failuresIn(compared: ComparedPairs, { candidate, active }: ShadowWords) {
  const { failures, activeFailed, activeRefused, asked } = compared;
  const { pairs, candidateDiffers, activeDiffers, seenAtMs } = failures;
  const none = [
    ...(activeFailed === 0 ? [] : [`${active} itself gave no answer to ${activeFailed} of ${asked}`]),
    ...(activeRefused === 0 ? [] : [`${active} itself refused ${activeRefused} of ${asked}`]),
  ];
  if (candidateDiffers === 0 && activeDiffers === 0) {
    return [`${candidate} gave an answer to all`, ...none].join("; ");
  }
  const times = (part: number) => Math.round(part * pairs);
  const more = seenAtMs === undefined ? "" : ", which is more than chance";
  const counts = `${candidate} gave no answer to ${times(candidateDiffers)} of ${pairs}, ${active} to ${times(activeDiffers)} when asked again${more}`;
  return [counts, ...none].join("; ");
}
