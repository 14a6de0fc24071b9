import { resumeShare } from "../../contract/release/retreat.ts";
import { percents, type ConfiguredStep } from "../../contract/config/steps.ts";
import type { ReleasePhase } from "./decide.ts";
import type { Verdict } from "./verdict.ts";

/** What has to be done in the world. */
export type Action =
  | { readonly kind: "share"; readonly percent: number }
  /** This cohort, and no users. */
  | { readonly kind: "cohort"; readonly name: string }
  | { readonly kind: "promote" }
  | { readonly kind: "rollBack" }
  /** All traffic back now; the release is tried again at this share. */
  | { readonly kind: "retreat"; readonly resumeAt: number }
  /** The deadline passed, or the policy wants a person's word. */
  | { readonly kind: "callPerson" };

/** What follows from a verdict; undefined: look again later. */
export function actionOf(
  state: ReleasePhase,
  verdict: Verdict,
  { steps }: { readonly steps: readonly ConfiguredStep[] },
): Action | undefined {
  switch (verdict.kind) {
    case "advance":
      return verdict.cohort === undefined
        ? { kind: "share", percent: verdict.to }
        : { kind: "cohort", name: verdict.cohort };
    case "promote":
      return { kind: "promote" };
    case "rollback":
      return { kind: "rollBack" };
    case "retreat": {
      const from = state.phase === "sharing" ? state.share : 0;
      return { kind: "retreat", resumeAt: resumeShare(percents(steps), from) };
    }
    case "hold":
    case "insufficient":
      return needsPerson(verdict) ? { kind: "callPerson" } : undefined;
  }
}

/** Whether it goes on only when somebody says so. */
export const needsPerson = (verdict: Verdict): boolean =>
  ("expired" in verdict && verdict.expired) ||
  (verdict.kind === "hold" &&
    (verdict.why === "paused" || verdict.why === "approval" || verdict.why === "refused"));
