import type { ShadowPolicy } from "../core/signals/shadow.ts";
import {
  shadowFailures,
  shadowLatency,
  shadowSentence,
  type ShadowWords,
} from "../core/signals/shadow-words.ts";
import type { ComparedPairs } from "./compare-pairs.ts";

/** What recorded requests have shown, in one sentence. */
export function replaySentence(compared: ComparedPairs, policy: ShadowPolicy, who: ShadowWords): string {
  const said = `${shadowSentence(compared.disagreement, policy, who)}; ${failuresIn(compared, who)}`;
  return compared.slower.pairs === 0 ? said : `${said}; ${shadowLatency(compared.slower, who)}`;
}

function failuresIn(compared: ComparedPairs, who: ShadowWords) {
  const { failures, activeFailed, activeRefused, asked } = compared;
  const none = [
    ...(activeFailed === 0 ? [] : [`${who.active} itself gave no answer to ${activeFailed} of ${asked}`]),
    ...(activeRefused === 0 ? [] : [`${who.active} itself refused ${activeRefused} of ${asked}`]),
  ];
  return [shadowFailures(failures, who), ...none].join("; ");
}
